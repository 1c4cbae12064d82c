import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, it } from '@jest/globals';
import type { EngineOptions, SubgraphEndpoint, SubgraphResponse } from '@platform/federation-engine';
import fc from 'fast-check';
import { graphql, parse } from 'graphql';
import { Federation, plain, rights } from '../federation.js';
import { CACHING, CachedFederation, partition } from './cached-federation.js';

/** Somebody with everything that may decide what a subgraph answers. */
interface Asker {
  readonly name: string;
  readonly tenant: string;
  readonly language: string;
  readonly signedIn: boolean;
  readonly scopes: readonly string[];
  readonly policies: readonly string[];
}

const TYPE_DEFS = {
  library: `${CACHING}
    type Query {
      books(first: Int): [Book!] @cacheControl(maxAge: 60, scope: PUBLIC)
      guarded: Book @policy(policies: [["read", "write"], ["admin"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
      scoped: String @requiresScopes(scopes: [["s"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
      members: String @authenticated @cacheControl(maxAge: 60, scope: PUBLIC)
      me: String @cacheControl(maxAge: 60)
      unsaid: String
      things: [Thing!] @cacheControl(maxAge: 60, scope: PUBLIC)
      vault: Vault @cacheControl(maxAge: 60, scope: PUBLIC)
    }
    interface Thing { label: String }
    type Lamp implements Thing { label: String @cacheControl(scope: PUBLIC) }
    type Safe implements Thing { label: String @policy(policies: [["read"]]) @cacheControl(scope: PUBLIC) }
    type Vault @policy(policies: [["admin"]]) @cacheControl(scope: PUBLIC) { content: String }
    type Book @key(fields: "id") {
      id: ID! @cacheControl(scope: PUBLIC)
      title: String @cacheControl(scope: PUBLIC)
      secret: String @policy(policies: [["read"]]) @cacheControl(scope: PUBLIC)
      bookmark: Int @cacheControl(scope: PRIVATE)
    }`,
  reviews: `${CACHING}
    type Book @key(fields: "id") {
      id: ID! @cacheControl(scope: PUBLIC)
      secret: String @external
      stars: Int @cacheControl(maxAge: 60, scope: PUBLIC)
      rating: String @policy(policies: [["admin"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
      mine: String @cacheControl(maxAge: 60)
      hint: String @requires(fields: "secret") @policy(policies: [["read"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
    }`,
};

/** What everybody of a tenant who reads a language gets. */
const everybody = ({ tenant, language }: Asker, what: string) => `${what} of ${tenant} in ${language}`;
const own = (asker: Asker, what: string) => `${everybody(asker, what)} for ${asker.name}`;
/** As subgraphs check rights once more. */
const holding = (asker: Asker, held: boolean, what: string) => (held ? everybody(asker, what) : null);
const may = ({ policies }: Asker, ...wanted: string[]) => wanted.every((policy) => policies.includes(policy));
const ids = ['1', '2', '3', '4'];
const book = (id: string) => ({ __typename: 'Book', id });

// biome-ignore lint/suspicious/noExplicitAny: resolvers of a test name their own parents and arguments.
type Resolver = (parent: any, args: any, asker: Asker) => unknown;
const RESOLVERS: Record<string, Record<string, Record<string, Resolver>>> = {
  library: {
    Query: {
      books: (_, { first }: { first?: number }) => ids.slice(0, first ?? 4).map(book),
      guarded: (_, __, asker) => (may(asker, 'read', 'write') || may(asker, 'admin') ? book('9') : null),
      scoped: (_, __, asker) => holding(asker, asker.scopes.includes('s'), 'scoped'),
      members: (_, __, asker) => holding(asker, asker.signedIn, 'members'),
      me: (_, __, asker) => own(asker, 'me'),
      unsaid: (_, __, asker) => own(asker, 'unsaid'),
      things: () => [{ __typename: 'Lamp' }, { __typename: 'Safe' }],
      vault: (_, __, asker) => (may(asker, 'admin') ? {} : null),
    },
    Lamp: { label: (_, __, asker) => everybody(asker, 'lamp') },
    Safe: { label: (_, __, asker) => holding(asker, may(asker, 'read'), 'safe') },
    Vault: { content: (_, __, asker) => everybody(asker, 'gold') },
    Book: {
      title: ({ id }: { id: string }, _, asker) => everybody(asker, `title ${id}`),
      secret: ({ id }: { id: string }, _, asker) => holding(asker, may(asker, 'read'), `secret ${id}`),
      bookmark: (_, __, { name }) => name.length,
    },
  },
  reviews: {
    Book: {
      __resolveReference: (reference) => reference,
      stars: ({ id }: { id: string }) => Number(id),
      rating: ({ id }: { id: string }, _, asker) => holding(asker, may(asker, 'admin'), `rating ${id}`),
      mine: ({ id }: { id: string }, _, asker) => own(asker, `mine ${id}`),
      hint: ({ secret }: { secret: string | null }, _, asker) =>
        holding(asker, may(asker, 'read'), `hint of ${secret}`),
    },
  },
};

/** Subgraphs that answer each caller as their token says. */
function endpoints(): EngineOptions['endpoints'] {
  const all = new Map(
    Object.entries(TYPE_DEFS).map(([name, typeDefs]): [string, SubgraphEndpoint] => {
      const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: RESOLVERS[name] as never }]);
      const execute = async ({ query, variables }: Parameters<SubgraphEndpoint['execute']>[0], headers: Headers) => {
        const contextValue: Asker = {
          ...JSON.parse(headers['x-caller-token'] ?? ''),
          language: headers['accept-language'],
        };
        const result = await graphql({ schema, source: query, variableValues: variables, contextValue });
        return plain(result) as SubgraphResponse;
      };
      return [name, { execute }];
    }),
  );
  return (name) => all.get(name) as SubgraphEndpoint;
}

type Headers = Readonly<Record<string, string>>;

const subgraphs = Object.entries(TYPE_DEFS).map(([name, typeDefs]) => ({ name, typeDefs }));

const asker: fc.Arbitrary<Asker> = fc.record({
  name: fc.constantFrom('ada', 'bob'),
  tenant: fc.constantFrom('one', 'two'),
  language: fc.constantFrom('en', 'de'),
  signedIn: fc.boolean(),
  scopes: fc.subarray(['s', 't']),
  policies: fc.subarray(['read', 'write', 'admin']),
});

const bookFields = fc
  .subarray(['id', 'title', 'secret', 'bookmark', 'stars', 'rating', 'mine', 'hint'], { minLength: 1 })
  .map((names) => `{ ${names.join(' ')} }`);

const rootField = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 4 }), bookFields).map(([first, fields]) => `books(first: ${first}) ${fields}`),
  bookFields.map((fields) => `guarded ${fields}`),
  fc.constantFrom(
    'scoped',
    'members',
    'me',
    'unsaid',
    'things { label }',
    'things { ... on Safe { label } }',
    'vault { content }',
  ),
);

const operation = fc
  .array(rootField, { minLength: 1, maxLength: 3 })
  .map((fields) => `{ ${fields.map((field, index) => `f${index}: ${field}`).join(' ')} }`);

describe('random callers with random rights, headers and tenants', () => {
  it.each([
    ['filtered', false],
    ['whole, as where refusals are only reported', true],
  ])(
    'get of what is kept for others only what they would get without that, when operations are %s',
    async (_how, whole) => {
      const kept = new CachedFederation(subgraphs, { endpoints: endpoints() });
      const fresh = new Federation(subgraphs, { endpoints: endpoints() });
      const request = fc.record({ asker, query: operation });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 12 }), async (requests) => {
          for (const { asker, query } of requests) {
            const { name, tenant, language, signedIn, scopes, policies } = asker;
            const held = rights({ authenticated: signedIn, scopes: [...scopes], policies: [...policies] });
            const options = {
              tenant,
              headers: { 'accept-language': language, 'x-caller-token': JSON.stringify(asker) },
              rights: whole ? rights({ scopes: ['s', 't'], policies: ['read', 'write', 'admin'] }) : held,
            };
            const decided = kept.engine.operation(query).policies;
            const who = partition(JSON.stringify({ name, tenant, signedIn, scopes, policies }), held, decided);
            const [answer, expected] = [
              await kept.run(query, { ...options, partition: who }),
              await fresh.run(query, options),
            ];
            expect({ query, answer }).toEqual({ query, answer: expected });
          }
        }),
        { numRuns: 75 },
      );
      const found = kept.fetched.filter(([, , result]) => result === 'hit' || result === 'partial');
      expect(found.length / kept.fetched.length).toBeGreaterThan(0.1);
    },
  );
});
