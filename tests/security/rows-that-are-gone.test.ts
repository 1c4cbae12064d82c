import { authz } from '@platform/authz';
import { identity } from '@platform/identity';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { AnySubgraphDefinition } from '@platform/subgraph-server/subgraph';
import { SubgraphHarness } from '@platform/testkit';
import { CALLERS, type Call, callsAlone, callsOf, callsWithoutArguments, SUBGRAPHS } from './walk/calls.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
type Harness = SubgraphHarness<any>;

const harnesses = new Map<string, Harness>();

/** A subgraph of this test for others of it. */
const peer = (name: string): SubgraphEndpoint => ({
  execute: (...given) => (harnesses.get(name) as Harness).endpoint.execute(...given),
});

/** The caller's own row, and those that code counts on, such as the platform's roles: whatever an operator or a restored backup leaves behind. */
describe('answers about rows that are gone', () => {
  const endpoints = Object.fromEntries([identity, authz].map(({ name }) => [name, peer(name)]));

  beforeAll(async () => {
    for (const definition of SUBGRAPHS) {
      const harness: Harness = new SubgraphHarness(definition, { ...callsAlone(definition), endpoints });
      harnesses.set(definition.name, harness);
      await harness.start();
    }
  });
  afterAll(async () => {
    for (const harness of harnesses.values()) await harness.stop();
  });

  describe.each(SUBGRAPHS)('of $name', ({ name }: AnySubgraphDefinition) => {
    const harness = () => harnesses.get(name) as Harness;

    /** Every call of every caller whose answer says that the mistake is ours. */
    async function mistakes(): Promise<string[]> {
      const found: string[] = [];
      const ask = async ({ name: call, query, variables }: Call): Promise<void> => {
        for (const caller of CALLERS) {
          const { errors = [] } = await harness().as(caller).request(query, variables);
          if (errors.some(({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR'))
            found.push(`${call}: ${harness().unexpected.map(String).at(-1)}`);
        }
      };
      const { typeDefs } = harness();
      for (const call of [...callsWithoutArguments(typeDefs), ...callsOf(typeDefs)]) await ask(call);
      return found;
    }

    it('have a documented code for a caller without an account', async () => {
      expect(await mistakes()).toEqual([]);
    });

    it('have one when every table is empty', async () => {
      const tables = await harness().sql('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [name]);
      for (const { name: table } of tables) await harness().sql(`ALTER TABLE "${table}" DISABLE TRIGGER ALL`);
      for (const { name: table } of tables) await harness().sql(`DELETE FROM "${table}"`);
      for (const { name: table } of tables) await harness().sql(`ALTER TABLE "${table}" ENABLE TRIGGER ALL`);
      expect(await mistakes()).toEqual([]);
    });
  });
});
