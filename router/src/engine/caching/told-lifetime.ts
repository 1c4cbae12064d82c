import type { SubgraphResponse } from '../endpoint.js';
import { readCacheControl } from './cache-control.js';
import { type FetchPolicy, type Lifetime, unkept } from './fetch-policy.js';

/** For how long an answer may be used, by the schema and by what it says itself. */
export function lifetimeOf(policy: FetchPolicy, { errors, cacheControl }: SubgraphResponse): Lifetime {
  if (errors?.length) return unkept;
  const { header, age } = cacheControl ?? {};
  return policy.lifetime(typeof header === 'string' ? readCacheControl(header, age) : undefined);
}
