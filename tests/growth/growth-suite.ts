import type { Sections } from '@platform/foundation/config';
import type { SubgraphDefinition } from '@platform/subgraph-server/subgraph';
import { runSetting, type SubgraphClient, SubgraphHarness } from '@platform/testkit';
import { costOf, ExecutedPlans, explainStatements } from './executed-plans.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
type Harness = SubgraphHarness<any>;

/** A documented query of an API, and how its cost grows with the number of rows. */
export interface GrowthQuery {
  readonly name: string;
  readonly as: (harness: Harness) => SubgraphClient;
  readonly query: string;
  /** For a table of so many rows. */
  readonly variables?: (rows: number) => Record<string, unknown>;
  /** `flat`: it costs what it costs for 1,000 rows, and the depth of an index. A number: it never costs more than that, whatever the number of rows. */
  readonly growth: 'flat' | { readonly atMost: number };
}

interface GrowthSuite<S extends Sections> {
  // biome-ignore lint/suspicious/noExplicitAny: a definition gives and takes its own loaders
  readonly subgraph: SubgraphDefinition<S, any>;
  /** Fills the schema with so many rows of what grows, by SQL. */
  readonly seed: (harness: Harness, rows: number) => Promise<void>;
  readonly queries: readonly GrowthQuery[];
  /** Whether functions of the schema read rows, by statements that count too. */
  readonly nested?: boolean;
}

/** Often enough that connections have prepared the statements and PostgreSQL has chosen between its plans for them. */
const EXECUTIONS = 13;

/** How much of a statement a failure tells, in characters. */
const LONGEST_TEXT = 2_000;

const [SMALL, LARGE] = [1_000, 100_000];
const largest = runSetting('GROWTH_ROWS', LARGE);
const SIZES = [SMALL, LARGE, ...(largest > LARGE ? [largest] : [])];

/** What `flat` allows beside the cost of the smallest size: deeper indexes, and rows that lie on more pages. */
const allowed = (smallest: number): number => 2 * smallest + 200;

interface Measured {
  readonly cost: number;
  readonly statements: readonly string[];
}

/** Runs the queries through GraphQL at every size and holds each to its class by what PostgreSQL says its statements took; prints the table. */
export function describeGrowth<S extends Sections>(suite: GrowthSuite<S>): void {
  const { subgraph, queries } = suite;
  describe(`${subgraph.name} at ${SIZES.map((size) => size.toLocaleString('en')).join(', ')} rows`, () => {
    const measured = new Map<string, Measured[]>(queries.map(({ name }) => [name, []]));

    beforeAll(async () => {
      for (const rows of SIZES)
        await withRows(suite, rows, async (harness, plans) => {
          for (const query of queries) measured.get(query.name)?.push(await measure(harness, plans, query, rows));
        });
      process.stdout.write(table(subgraph.name, queries, measured));
    }, 3_600_000);

    it.each(queries.map((query) => [query.name, query] as const))('%s', (name, { growth }) => {
      const [small, ...larger] = measured.get(name) ?? [];
      const most = growth === 'flat' ? allowed(small?.cost ?? 0) : growth.atMost;
      for (const { cost, statements } of larger)
        if (cost > most) throw new Error(`It costs ${cost}, and may cost ${most}:\n${statements.join('\n')}`);
    });
  });
}

async function withRows<S extends Sections>(
  { subgraph, seed, nested = false }: GrowthSuite<S>,
  rows: number,
  work: (harness: Harness, plans: ExecutedPlans) => Promise<void>,
): Promise<void> {
  const set = ['events.relay=false', 'database.statementTimeout=120s'];
  const seeded = new SubgraphHarness(subgraph, { set });
  const plans = new ExecutedPlans();
  await seeded.start();
  try {
    await seed(seeded, rows);
    await explainStatements(seeded.databaseUrl, { nested });
    const harness = new SubgraphHarness(subgraph, { set, beside: seeded });
    plans.start();
    await harness.start();
    try {
      await work(harness, plans);
    } finally {
      await harness.stop();
    }
  } finally {
    plans.stop();
    await seeded.stop();
  }
}

async function measure(
  harness: Harness,
  plans: ExecutedPlans,
  { as, query, variables }: GrowthQuery,
  rows: number,
): Promise<Measured> {
  const client = as(harness);
  let worst: Measured = { cost: 0, statements: [] };
  for (let execution = 0; execution < EXECUTIONS; execution += 1) {
    plans.take();
    await client.data(query, variables?.(rows));
    const executed = plans.take();
    const cost = executed.reduce((sum, plan) => sum + costOf(plan), 0);
    if (cost >= worst.cost)
      worst = { cost, statements: executed.map((plan) => plan['Query Text'].slice(0, LONGEST_TEXT)) };
  }
  return worst;
}

function table(subgraph: string, queries: readonly GrowthQuery[], measured: Map<string, Measured[]>): string {
  const lines = queries.map(({ name, growth }) => {
    const costs = (measured.get(name) ?? []).map(({ cost }) => cost.toLocaleString('en'));
    return `| ${name} | ${growth === 'flat' ? growth : `at most ${growth.atMost.toLocaleString('en')}`} | ${costs.join(' | ')} |`;
  });
  const sizes = SIZES.map((size) => size.toLocaleString('en'));
  return [
    `Blocks and rows per query of ${subgraph}`,
    `| query | growth | ${sizes.join(' | ')} |`,
    `| --- | --- |${sizes.map(() => ' --- |').join('')}`,
    ...lines,
    '',
  ].join('\n');
}
