import type { SubgraphResponse } from '../base/endpoint.js';
import { readCacheControl } from './cache-control.js';
import { type FetchPolicy, notCacheable, type Ttl } from './fetch-policy.js';

/** For how long an answer may be used, by the schema and by what it says itself. */
export function ttlOf(policy: FetchPolicy, { errors, rawHeaders = [] }: SubgraphResponse): Ttl {
  if (errors?.length) return notCacheable;
  const said: string[] = [];
  let age: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index]).toLowerCase();
    if (name === 'cache-control') said.push(String(rawHeaders[index + 1]));
    else if (name === 'age') age = String(rawHeaders[index + 1]);
  }
  return policy.ttl(said.length > 0 ? readCacheControl(said.join(), age) : undefined);
}
