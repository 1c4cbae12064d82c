import { type Caller, isUndecided, principalOf } from '@platform/auth';
import type { AuthorizationContext, CachePartition, Operation } from '@platform/federation-engine';

const texts = new WeakMap<Caller, string>();

/** Who an operation is run for, as far as kept answers are concerned. */
export const audienceOf = (caller: Caller, rights: AuthorizationContext, { policies }: Operation): CachePartition => ({
  caller: textOf(caller),
  subject: caller.kind === 'anonymous' ? undefined : `${caller.tenantId} ${principalOf(caller)}`,
  authorization: rights,
  decided: policies,
});

/** Everything that a subgraph is told of the caller; callers are kept, and this with them. */
function textOf(caller: Caller): string {
  let text = texts.get(caller);
  if (text === undefined) {
    text = JSON.stringify({ ...caller, permissions: isUndecided(caller) ? null : [...caller.permissions].sort() });
    texts.set(caller, text);
  }
  return text;
}
