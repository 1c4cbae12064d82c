import { createHash } from 'node:crypto';
import { BadUserInput } from '@platform/foundation/errors';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKeyIn, KEY_RULE } from '@platform/foundation/idempotency-key';
import { type OperationContext, required, type Stage } from '../operation.js';

/** Reads the key under which a mutation may be sent again: `extensions.idempotencyKey`, or the header. Other operations have none. */
export const idempotency = (): Stage => (context, next) => {
  const { node } = required(context, 'operation');
  if (node.operation !== 'mutation') return next();
  const key = keyOf(context);
  if (key !== undefined) context.idempotency = { key, operationHash: hashOf(context) };
  return next();
};

/** One header stands for all operations of a batch: each has its own key by its place. @throws BadUserInput */
function keyOf({ request, headers, position }: OperationContext): string | undefined {
  const own = request.extensions?.['idempotencyKey'];
  if (own != null) return checked('extensions.idempotencyKey', own);
  const sent = headers?.[IDEMPOTENCY_KEY_HEADER];
  if (sent === undefined) return undefined;
  const key = checked('Idempotency-Key', sent);
  return position === undefined ? key : createHash('sha256').update(`${position}:${key}`).digest('hex');
}

function checked(name: string, value: unknown): string {
  const key = idempotencyKeyIn(value);
  if (key === undefined) throw new BadUserInput({ [name]: `${name} ${KEY_RULE}.` });
  return key;
}

function hashOf(context: OperationContext): string {
  const { source } = required(context, 'document').loc ?? {};
  const { operationName } = context.request;
  return createHash('sha256')
    .update(JSON.stringify([source?.body, operationName, required(context, 'variables')]))
    .digest('hex');
}
