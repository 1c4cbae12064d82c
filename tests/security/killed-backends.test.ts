import type { SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { useSubgraph } from '@platform/testkit';
import pg from 'pg';
import { CALLERS, callsAlone, callsOf, SUBGRAPHS } from './walk/calls.js';

const ROUNDS = 5;

const UNAVAILABLE = 'SERVICE_UNAVAILABLE';
const MISTAKE = 'INTERNAL_SERVER_ERROR';

const codesOf = ({ errors = [] }: SubgraphResponse): unknown[] => errors.map(({ extensions }) => extensions?.['code']);

describe.each(SUBGRAPHS)('$name, whose backends are killed again and again', (definition) => {
  const harness = useSubgraph(definition, callsAlone(definition));

  /** What each field says to each caller, all asked at once: codes, by its name. */
  const everything = async (): Promise<string[]> => {
    const answers = CALLERS.flatMap((caller) =>
      callsOf(harness.typeDefs).map(async ({ name, query, variables }) => {
        const codes = codesOf(await harness.as(caller).request(query, variables));
        return [...new Set(codes)].map((code) => `${name} for a ${caller.kind}: ${code}`);
      }),
    );
    return (await Promise.all(answers)).flat();
  };
  /** Ends every backend that works for the subgraph, until `work` is done. Answers how many. */
  const whileKilling = async (work: () => Promise<void>): Promise<number> => {
    const admin = new pg.Client({ connectionString: harness.databaseUrl });
    await admin.connect();
    let [over, killed] = [false, 0];
    const killing = (async () => {
      while (!over) {
        const { rowCount } = await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = $1 AND datname = current_database() AND state <> 'idle'`,
          [`platform ${definition.name}`],
        );
        killed += rowCount ?? 0;
      }
    })();
    await work();
    over = true;
    await killing;
    await admin.end();
    return killed;
  };

  it('says that it is unavailable, never that it made a mistake, and recovers by itself', async () => {
    // What the first calls have changed, the others find.
    const usual = new Set([...(await everything()), ...(await everything())]);
    const said: string[] = [];
    const killed = await whileKilling(async () => {
      for (let round = 0; round < ROUNDS; round += 1) said.push(...(await everything()));
    });

    const unusual = said.filter((answer) => !usual.has(answer));
    expect(unusual.filter((answer) => answer.endsWith(MISTAKE))).toEqual([]);
    expect(unusual.filter((answer) => answer.endsWith(UNAVAILABLE))).not.toEqual([]);
    expect(killed).toBeGreaterThan(ROUNDS);
    await everything();
    const after = (await everything()).filter((answer) => !usual.has(answer));
    expect(after.filter((answer) => answer.endsWith(UNAVAILABLE) || answer.endsWith(MISTAKE))).toEqual([]);
  });
});
