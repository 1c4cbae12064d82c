import { audit } from '@platform/audit';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { identity } from '@platform/identity';
import { useSubgraph } from '@platform/testkit';

/** What the platform itself writes, by table or by column: nothing of it is a client's. */
const OWN = new Set([
  ...['migrations', 'outbox', 'inbox', 'dead_letter', 'mail_queue', 'signing_keys', 'checkpoint', 'key_hand_over'],
  ...['credentials.password_hash', 'audit_entry.leaf_hash', 'export_job.failure'],
]);

/** Columns of texts, and what the checks of their tables say. Partitions have those of their parents. */
const COLUMNS = `
  SELECT class.relname AS table, attribute.attname AS column, coalesce(string_agg(pg_get_constraintdef(checks.oid), ' '), '') AS checks
  FROM pg_class class
  JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_constraint checks ON checks.conrelid = class.oid AND contype = 'c'
  WHERE class.relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'text[]'::regtype)
  GROUP BY 1, 2`;

describe.each([identity, authz, audit, blog])('every column of texts of $name', (definition) => {
  const harness = useSubgraph(definition as never);

  it('has a bound in the database', async () => {
    const columns = (await harness.sql(COLUMNS, [definition.name])) as Record<'table' | 'column' | 'checks', string>[];
    expect(columns.length).toBeGreaterThan(3);
    const unbounded = columns
      .filter(({ table, column }) => !OWN.has(table) && !OWN.has(`${table}.${column}`))
      .filter(
        ({ column, checks }) =>
          !new RegExp(`length\\((array_to_string\\()?${column}\\b|\\(${column} = ANY`).test(checks),
      );
    expect(unbounded.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
  });
});
