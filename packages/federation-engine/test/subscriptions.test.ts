import { Engine, loadSupergraph, type SubgraphResponse } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { errorsOf, plain, rights } from './federation.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@policy", "@external", "@requires"])`;
const { sdl } = composeSupergraph([
  {
    name: 'news',
    url: 'http://news',
    typeDefs: `${LINK}
      type Query { news: String }
      type Subscription { published(topic: String): Article! @policy(policies: [["read"]]) }
      type Article @key(fields: "id") { id: ID! title: String! secret: String @policy(policies: [["moderate"]]) related: [Article!]! }`,
  },
  {
    name: 'ratings',
    url: 'http://ratings',
    typeDefs: `${LINK}
      type Query { ratings: String }
      type Article @key(fields: "id") { id: ID! title: String! @external stars: Int! label: String @requires(fields: "title") }`,
  },
]);

/** An engine on two subgraphs: `news` streams what the test gives it, `ratings` answers entities. */
function federation(events: readonly SubgraphResponse[], rate: (id: unknown) => number | null = () => 5) {
  const asked: { query: string; variables?: Record<string, unknown> }[] = [];
  const engine = new Engine({
    supergraph: loadSupergraph(sdl),
    endpoints: (name) => ({
      execute: async ({ variables }) => {
        asked.push({ query: name, variables });
        const lists = Object.entries(variables ?? {}).filter(([key]) => key.startsWith('representations'));
        const entities = lists.map(([key, list]) => [
          key.replace('representations', lists.length > 1 ? '' : '_entities'),
          (list as { id: string; title?: string }[]).map(({ id, title }) => ({
            stars: rate(id),
            label: title && `${title}!`,
          })),
        ]);
        return { data: Object.fromEntries(entities) };
      },
      subscribe: async (request) => {
        asked.push(request);
        return (async function* () {
          yield* events;
        })();
      },
    }),
  });
  const run = async (query: string, variables = {}, held = ['read']) => {
    const operation = engine.operation(query);
    const coerced = engine.coerceVariables(operation, variables);
    const prepared = await engine.prepare(operation, rights({ policies: held }), coerced);
    const stream = await engine.subscribe(prepared);
    const results = [];
    for await (const event of stream ?? []) results.push(plain(await engine.complete(prepared, event)));
    return { stream, results, single: stream ? undefined : await engine.execute(prepared) };
  };
  return { asked, run };
}

const article = (id: string, more = {}) => ({
  data: { published: { __typename: 'Article', id, title: `T${id}`, ...more } },
});

describe('subscriptions of the engine', () => {
  it('complete each event by the rest of the plan, through lists and @requires, and pass variables on', async () => {
    const related = ['2', '3'].map((id) => ({ __typename: 'Article', id, title: `T${id}` }));
    const { run, asked } = federation([article('1', { related })]);
    const { results } = await run(
      'subscription ($topic: String) { published(topic: $topic) { label stars related { id stars } } }',
      { topic: 'engines' },
    );
    expect(asked[0]?.variables).toEqual({ topic: 'engines' });
    const rated = [
      { id: '2', stars: 5 },
      { id: '3', stars: 5 },
    ];
    expect(results).toEqual([{ data: { published: { label: 'T1!', stars: 5, related: rated } } }]);
  });

  it('answer by the client’s names', async () => {
    const event = { data: { it: { __typename: 'Article', id: '1', title: 'T1' } } };
    const { run } = federation([event]);
    const { results } = await run('subscription { it: published { label stars } }');
    expect(results).toEqual([{ data: { it: { label: 'T1!', stars: 5 } } }]);
  });

  it('tell failures with their paths, list indexes included', async () => {
    const related = ['2', '3'].map((id) => ({ __typename: 'Article', id }));
    const { run } = federation([article('1', { related })], (id) => (id === '3' ? null : 5));
    const [result] = (await run('subscription { published { related { stars } } }')).results;
    expect(errorsOf(result as never)).toEqual([{ code: 'NULL_FOR_NON_NULL_FIELD', path: 'published.related.1.stars' }]);
  });

  it('carry a subgraph’s errors, and go on', async () => {
    const failed = { data: null, errors: [{ message: 'no', path: ['published', 'title'], extensions: { code: 'X' } }] };
    const { run } = federation([failed, article('2')]);
    const { results } = await run('subscription { published { id title } }');
    expect(errorsOf(results[0] as never)).toEqual([{ code: 'X', path: 'published.title' }]);
    expect(results[1]).toEqual({ data: { published: { id: '2', title: 'T2' } } });
  });

  it('never ask for a refused field, and answer null for it with an error', async () => {
    const { run, asked } = federation([article('1', { secret: 'leaked' })]);
    const { results } = await run('subscription { published { id secret } }');
    expect(asked[0]?.query).not.toContain('secret');
    expect(results[0]).toMatchObject({
      data: { published: { id: '1', secret: null } },
      errors: [{ path: ['published', 'secret'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
  });

  it('open nothing when the root field is refused', async () => {
    const { run, asked } = federation([article('1')]);
    const { stream, single } = await run('subscription { published { id } }', {}, []);
    expect([stream, asked]).toEqual([undefined, []]);
    expect(single).toMatchObject({ data: null, errors: [{ path: ['published'] }] });
  });

  it('reject an event that is no GraphQL response', async () => {
    const { run } = federation([{ data: 'text' } as never]);
    await expect(run('subscription { published { id } }')).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_INVALID_RESPONSE' },
    });
  });
});
