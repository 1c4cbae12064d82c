const often = { limit: 1_000_000_000, window: '1m' };

/** A router that does nothing at its edge but what cannot be switched off: HTTP, parsing, validation, metrics. */
export const nothing = {
  router: {
    limits: {
      ...{ depth: null, height: null, aliases: null, rootFields: null, directives: null, fragments: null },
      ...{ fields: null, duplicateFields: null },
    },
    cost: { mode: 'off' },
    persistedQueries: { automatic: { enabled: false } },
    compression: { minSize: null },
    edge: { preventCsrf: false },
  },
};

/** A router that does all of it, with limits that nobody reaches. */
export const everything = {
  router: {
    cost: { mode: 'enforce', maximum: 1_000_000_000, anonymous: 1_000_000_000, report: false },
    batching: { enabled: true },
    rateLimit: {
      enabled: true,
      perIp: often,
      perUser: often,
      cost: { limit: 1_000_000_000_000, window: '1m' },
      operations: { Shop: { ...often, per: 'ip' } },
      fields: { Query: { users: { ...often, per: 'ip' } } },
    },
    headers: {
      all: { forward: ['accept-language'], set: { 'x-from': 'router' }, remove: ['user-agent'] },
      response: { 'strict-transport-security': 'max-age=31536000' },
      fromSubgraphs: { 'x-region': { merge: 'append' } },
    },
    subgraphErrors: { messages: 'coded', extensions: [] },
    cors: { origins: ['https://app.example.com'] },
  },
};
