import { composeSupergraph } from '@platform/federation-engine/composition';
import { JsonService } from '../e2e/json-service.js';
import { StandAloneRouter } from '../e2e/stand-alone-router.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@listSize"])';
/** In MB: a fortieth of what Node.js takes by itself. */
const HEAP = 96;
const CLIENTS = 50;
/** An answer of 2.4 MB. */
const ITEMS = Array.from({ length: 9_000 }, (_, index) => ({
  id: String(index),
  name: `Item ${index}, ${'of which much is told '.repeat(8)}`,
  self: { id: String(index) },
}));

describe('a router with little memory, whose clients ask for much at once', () => {
  let subgraph: JsonService;
  let router: StandAloneRouter;

  beforeAll(async () => {
    subgraph = await JsonService.start(() => ({ data: { items: ITEMS } }));
    const { sdl } = composeSupergraph([
      {
        name: 'items',
        url: subgraph.url,
        typeDefs: `${LINK} type Query { items(ask: Int!): [Item!]! @listSize(assumedSize: 4500) } type Item { id: ID! name: String! self: Item! }`,
      },
    ]);
    const config = 'router:\n  cost: { mode: enforce, maximum: 20000, anonymous: 20000 }\n';
    router = await StandAloneRouter.start({ sdl, config, env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } });
  });
  afterAll(async () => {
    await router?.stop();
    await subgraph?.stop();
  });

  it('answers each, or asks to come back, and goes on', async () => {
    const ask = async (number: number): Promise<string> => {
      const response = await fetch(`${router.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
        body: JSON.stringify({ query: `{ items(ask: ${number}) { id name self { id } } }` }),
      });
      const text = await response.text();
      return `${response.status} ${response.status === 200 ? text.length > 2_000_000 : /"code":"(\w+)"/.exec(text)?.[1]}`;
    };
    const answers = await Promise.all(Array.from({ length: CLIENTS }, (_, number) => ask(number)));

    expect(new Set(answers.filter((answer) => answer !== '503 SERVICE_BUSY'))).toEqual(new Set(['200 true']));
    expect(await ask(CLIENTS)).toBe('200 true');
  });
});
