import { SubgraphHarness } from '@platform/testkit';
import { CALLERS, callsAlone, callsOf, callsWithoutArguments, SUBGRAPHS } from '../security/walk/calls.js';
import { type ExecutedPlan, ExecutedPlans, explainStatements, type PlanNode } from './executed-plans.js';

// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
type Harness = SubgraphHarness<any>;

/** Ordered indexes, and what they are ordered by first. */
const INDEXES = `
  SELECT class.relname AS name, pg_get_indexdef(class.oid, 1, true) AS first
  FROM pg_class class JOIN pg_am method ON method.oid = relam WHERE amname = 'btree' AND relnamespace = $1::regnamespace`;

/** So that a statement uses an index where it can, also on tables without rows. */
const PLANNER = { enable_seqscan: 'off' };

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The words of an expression, without the names of tables, types and quotes. */
const wordsOf = (expression: string): Set<string> => new Set(expression.replace(/\w+\.|::\w+/g, '').match(/\w+/g));

/** PostgreSQL 18 skips through the values of a first column that a statement does not give; before, it reads all of the index. */
describe.each(SUBGRAPHS)('statements of $name', (definition) => {
  let seeded: Harness;
  let harness: Harness;
  const plans = new ExecutedPlans();

  beforeAll(async () => {
    seeded = new SubgraphHarness(definition, callsAlone(definition));
    await seeded.start();
    await explainStatements(seeded.databaseUrl, { nested: true, planner: PLANNER });
    harness = new SubgraphHarness(definition, { ...callsAlone(definition), beside: seeded });
    plans.start();
    await harness.start();
  });
  afterAll(async () => {
    plans.stop();
    await harness?.stop();
    await seeded?.stop();
  });

  it('give the first column of each index that they look into', async () => {
    const { typeDefs } = harness;
    for (const { query, variables } of [...callsOf(typeDefs), ...callsWithoutArguments(typeDefs)])
      for (const caller of CALLERS) await harness.as(caller).request(query, variables);

    const rows: { name: string; first: string }[] = await harness.sql(INDEXES, [definition.name]);
    const firsts = new Map(rows.map(({ name, first }) => [name, wordsOf(first)]));
    const lookedInto = plans.take().flatMap((plan) => looksOf(plan));
    expect(lookedInto.length).toBeGreaterThan(10);

    const skipping = lookedInto.filter(({ index, condition }) => {
      const given = wordsOf(condition);
      return [...(firsts.get(index) ?? [])].some((word) => !given.has(word));
    });
    expect([
      ...new Set(skipping.map(({ index, condition, statement }) => `${index} ${condition}: ${statement}`)),
    ]).toEqual([]);
  });
});

const looksOf = ({ Plan, 'Query Text': statement }: ExecutedPlan) =>
  nodesOf(Plan).flatMap(({ 'Index Name': index, 'Index Cond': condition }) =>
    index !== undefined && condition !== undefined ? [{ index, condition, statement }] : [],
  );
