import { useSubgraph } from '@platform/testkit';
import { SUBGRAPHS } from './walk/calls.js';

/** Columns of arrays, and what the valid checks of their tables say. Partitions have those of their parents. */
const ARRAYS = `
  SELECT class.relname || '.' || attribute.attname AS column, attribute.attname AS name, attnotnull AS required,
         coalesce(string_agg(pg_get_constraintdef(checks.oid), ' '), '') AS checks
  FROM pg_class class
  JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attnum > 0 AND NOT attisdropped
  JOIN pg_type type ON type.oid = atttypid AND typcategory = 'A'
  LEFT JOIN pg_constraint checks ON checks.conrelid = class.oid AND contype = 'c' AND convalidated
  WHERE class.relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
  GROUP BY 1, 2, 3`;

describe.each(SUBGRAPHS)('arrays in tables of $name', (definition) => {
  const harness = useSubgraph(definition);

  it('are there, and hold no null: the API promises each of their items', async () => {
    const arrays = await harness.sql(ARRAYS, [definition.name]);
    const open = arrays.filter(
      ({ name, required, checks }) => !required || !checks.includes(`array_position(${name}, NULL`),
    );
    expect(open.map(({ column }) => column)).toEqual([]);
  });
});
