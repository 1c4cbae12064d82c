import { createHash } from 'node:crypto';
import { BadUserInput } from '@platform/foundation/errors';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKeyIn, KEY_RULE } from '@platform/foundation/idempotency-key';
import type { OperationContext } from '../operation.js';
import type { BeforeStage } from '../stage.js';

/** Reads the key under which a mutation may be sent again: `extensions.idempotencyKey`, or the header. Other operations have none. */
export const idempotency = (): BeforeStage<MutationFact, 'idempotency'> => (context) => {
  const key = context.operation.node.operation === 'mutation' ? keyOf(context) : undefined;
  return { idempotency: key === undefined ? undefined : { key, operationHash: hashOf(context) } };
};

type MutationFact = 'request' | 'document' | 'operation' | 'variables';

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

function hashOf({ document, request, variables }: OperationContext<MutationFact>): string {
  return createHash('sha256')
    .update(JSON.stringify([document.loc?.source.body, request.operationName, variables]))
    .digest('hex');
}
