import { IDEMPOTENCY_KEY_HEADER, OPERATION_HASH_HEADER } from '@platform/foundation/idempotency-key';

/** Under which key a client may send a mutation again, and what tells the mutation from others. */
export interface IdempotencyKey {
  readonly key: string;
  /** SHA-256 of document, operation name and variables, in hex. */
  readonly operationHash: string;
}

/** Where a request comes from. */
interface Origin {
  readonly requestId: string;
  readonly clientIp?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly idempotency?: IdempotencyKey | undefined;
}

/** What every subgraph may know of the request: which one it is, where it comes from, and under which key it may come again. */
export const requestHeaders = ({ requestId, clientIp, userAgent, idempotency }: Origin): Record<string, string> => ({
  'x-request-id': requestId,
  ...(clientIp && { 'x-client-ip': clientIp }),
  ...(userAgent && { 'user-agent': userAgent }),
  ...(idempotency && {
    [IDEMPOTENCY_KEY_HEADER]: idempotency.key,
    [OPERATION_HASH_HEADER]: idempotency.operationHash,
  }),
});
