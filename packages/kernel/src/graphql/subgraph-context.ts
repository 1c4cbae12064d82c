import type { Caller } from '../auth/index.js';
import type { IdempotentRequest } from '../idempotency/index.js';

/** What a resolver gets beside its arguments: who calls, and the batched reads of this request. */
export interface SubgraphContext<Loaders = unknown> {
  readonly caller: Caller;
  readonly loaders: Loaders;
  /** Where the request's mutations may be sent again under one key. */
  readonly idempotency?: IdempotentRequest | undefined;
}
