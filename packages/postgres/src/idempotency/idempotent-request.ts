import { createHash, createHmac } from 'node:crypto';
import { networkOf } from '@platform/foundation/fair-shares';
import {
  IDEMPOTENCY_KEY_HEADER,
  idempotencyKeyIn,
  isOperationHash,
  OPERATION_HASH_HEADER,
} from '@platform/foundation/idempotency-key';

/** Whose request it is, as far as a key belongs to somebody. */
export interface KeyOwner {
  readonly kind: string;
  readonly tenantId: string;
  readonly userId: string | null;
  readonly serviceAccountId: string | null;
  readonly service: string | null;
}

/** A request that its client may send again under the same key. */
export interface IdempotentRequest {
  /** Whose key it is: two callers with the same key have nothing in common. */
  readonly owner: Buffer;
  /** Stands for owner and key. The key itself is stored nowhere. */
  readonly key: Buffer;
  /** Stands for the operation. Nobody without the key can tell by it what the variables were. */
  readonly operation: Buffer;
  /** Whether an earlier request has done any of it. */
  replayed: boolean;
}

const sha256 = (...parts: readonly (string | Buffer | null | undefined)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts)
    hash
      .update(String(part?.length ?? -1))
      .update(':')
      .update(part ?? '');
  return hash.digest();
};

/** Undefined where the headers name no key. */
export function idempotentRequest(
  { query, variables }: { readonly query: string; readonly variables?: Record<string, unknown> },
  caller: KeyOwner,
  headers: Readonly<Record<string, string>>,
): IdempotentRequest | undefined {
  const key = idempotencyKeyIn(headers[IDEMPOTENCY_KEY_HEADER]);
  if (key === undefined) return undefined;
  const told = headers[OPERATION_HASH_HEADER];
  const operation = isOperationHash(told) ? told : JSON.stringify([query, variables]);
  const owner = ownerOf(caller, headers['x-client-ip']);
  return {
    owner,
    key: sha256(owner, key),
    operation: createHmac('sha256', key).update(operation).digest(),
    replayed: false,
  };
}

/** Who has not signed in is known by their network alone. */
function ownerOf({ kind, tenantId, userId, serviceAccountId, service }: KeyOwner, clientIp = ''): Buffer {
  return sha256(tenantId, kind, userId ?? serviceAccountId ?? service ?? networkOf(clientIp));
}

/** One of the transactions of a mutation field. @param field its name in the response, by which its twins in the document differ. */
export const stepOf = (field: string, position: number): Buffer => sha256(field, String(position));
