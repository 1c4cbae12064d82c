import { createHash } from 'node:crypto';
import type { SentRequest } from '@platform/testkit';

export const LISTED = 'query Hello($n: String) { hello(name: $n) }';
export const LISTED_ORDER = 'mutation Order { order(text: "listed") }';

/** The operations that the safelisted router answers. */
export const MANIFEST = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: 'hello', name: 'Hello', type: 'query', body: LISTED },
    { id: 'order', name: 'Order', type: 'mutation', body: LISTED_ORDER },
  ],
};

/** Names a persisted query by its id or hash. */
export const byId = (sha256Hash: string): SentRequest => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});

/** Registers a text under its own hash. */
export const registered = (query: string): SentRequest => ({ query, ...byId(hashOf(query)) });

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
