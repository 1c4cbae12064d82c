import type { Caller } from '@platform/auth';
import type { IdempotentRequest } from '@platform/postgres/idempotency';

/** What a resolver gets beside its arguments: who calls, and the batched reads of this request. */
export interface SubgraphContext<Loaders = unknown> {
  readonly caller: Caller;
  readonly loaders: Loaders;
  /** Where the request's mutations may be sent again under one key. */
  readonly idempotency?: IdempotentRequest | undefined;
}
