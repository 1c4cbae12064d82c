import { ANY, ANY_AND_GET, type Asked, type Attack, type Family } from '../attack.js';

const named = (operation: string, headers: Record<string, string> = {}): Asked => ({
  query: `query ${operation} { hello }`,
  headers,
});
const LIMITED = { status: 429, codes: ['RATE_LIMITED'] };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Attempts to be counted as somebody else, or to be counted once for many. */
export const evadedLimits: Family = {
  name: 'evaded rate limits',
  attacks: [
    {
      name: 'another X-Forwarded-For each time',
      on: 'limited',
      after: [named('Spoofed')],
      ask: named('Spoofed', {
        'x-forwarded-for': '203.0.113.9',
        forwarded: 'for=203.0.113.9',
        'x-real-ip': '203.0.113.9',
      }),
      over: ANY_AND_GET,
      gets: LIMITED,
    },
    {
      name: 'an address of one’s own before the one that the proxy saw',
      on: 'behind a proxy',
      after: [named('Proxied', { 'x-forwarded-for': '198.51.100.1' })],
      ask: named('Proxied', { 'x-forwarded-for': '203.0.113.9, 127.0.0.1, 198.51.100.1' }),
      over: ['POST', 'GET', 'server-sent events', 'multipart', 'WebSocket'],
      gets: LIMITED,
    },
    {
      name: 'a batch for one request',
      on: 'limited',
      http: {
        headers: JSON_TYPE,
        body: JSON.stringify([named('Batched'), named('Batched')].map(({ query }) => ({ query }))),
      },
      gets: { status: 200, shows: /RATE_LIMITED/ },
    },
    {
      name: 'four aliases of a field that may be asked three times',
      on: 'limited',
      ask: {
        query:
          'mutation { a: order(text: "1") b: order(text: "2") ...F } fragment F on Mutation { c: order(text: "3") d: order(text: "4") }',
      },
      over: ANY,
      gets: LIMITED,
    },
  ],
  neighbours: [
    {
      name: 'somebody else behind the same proxy',
      on: 'behind a proxy',
      http: {
        headers: { ...JSON_TYPE, 'x-forwarded-for': '198.51.100.77' },
        body: JSON.stringify({ query: 'query Proxied { hello }' }),
      },
      gets: { status: 200, codes: [] },
    },
    {
      name: 'an operation without a limit',
      on: 'limited',
      ask: { query: '{ hello }' },
      over: ANY_AND_GET,
      gets: { status: 200, codes: [] },
    },
  ],
};

const anonymous = (name: string, query: string, more: Partial<Attack['gets']> = {}): Attack => ({
  name,
  ask: { query },
  over: ANY_AND_GET,
  gets: { codes: ['UNAUTHORIZED_FIELD_OR_TYPE'], ...more },
});

/** Attempts to have a field that one may not have. */
export const unauthorized: Family = {
  name: 'bypassed authorization',
  attacks: [
    anonymous('an alias', '{ hello: me }', { data: { hello: null } }),
    anonymous('a fragment', '{ ...F } fragment F on Query { ... on Query { me } }', { data: { me: null } }),
    anonymous('the same field twice', '{ me me }', { data: { me: null } }),
    anonymous('a policy that nobody decides', '{ salaries }', { data: { salaries: null } }),
    {
      name: 'a policy, signed in',
      ask: { query: '{ salaries }', as: 'ada' },
      over: ANY_AND_GET,
      gets: { codes: ['UNAUTHORIZED_FIELD_OR_TYPE'], data: { salaries: null } },
    },
    {
      name: 'a directive of one’s own',
      ask: { query: '{ me @authenticated }' },
      over: ANY_AND_GET,
      gets: { codes: ['GRAPHQL_VALIDATION_FAILED'] },
    },
  ],
  neighbours: [
    {
      name: 'the same field, signed in',
      ask: { query: '{ me }', as: 'ada' },
      over: ANY_AND_GET,
      gets: { data: { me: 'ada' } },
    },
  ],
};

/** Headers by which a client might speak as the router. */
export const FORGED = {
  'x-caller-token': 'forged',
  'x-client-ip': '203.0.113.9',
  'x-timeout-ms': '999999',
  'x-forwarded-for': '203.0.113.9',
  x_caller_token: 'forged',
  cookie: 'session=forged',
  te: 'trailers',
  'x-tenant': 'forged',
  'apollo-federation-include-trace': 'ftv1',
};
