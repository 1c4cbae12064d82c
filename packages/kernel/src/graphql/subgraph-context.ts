import type { Caller } from '../auth/index.js';

/** What a resolver gets beside its arguments: who calls, and the batched reads of this request. */
export interface SubgraphContext<Loaders = unknown> {
  readonly caller: Caller;
  readonly loaders: Loaders;
}
