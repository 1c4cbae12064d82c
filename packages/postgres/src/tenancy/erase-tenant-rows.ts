import type { EntityManager } from 'typeorm';

interface OwnedTable {
  readonly name: string;
  /** Tables that rows of it refer to. */
  readonly refersTo: readonly string[];
}

const OWNED = `
  SELECT relname AS name, ARRAY(
      SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = c.oid AND confrelid <> c.oid
    ) AS "refersTo"
  FROM pg_class c
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relrowsecurity
    AND has_table_privilege(oid, 'DELETE') AND relname <> ALL ($1)`;

/** What waits to be sent or was given up, and answers of mutations: it goes by its age. */
const BY_AGE = ['outbox', 'dead_letter', 'idempotency_keys'];

/**
 * Deletes every row of the tenant that the transaction acts for, from each table of the schema that belongs to tenants: also those that are added later.
 * Rows that refer to others go first.
 */
export async function eraseTenantRows(tx: EntityManager): Promise<void> {
  const waiting: OwnedTable[] = await tx.query(OWNED, [BY_AGE]);
  while (waiting.length > 0) {
    const free = waiting.findIndex(({ name }) => !waiting.some(({ refersTo }) => refersTo.includes(name)));
    const [{ name } = { name: '' }] = waiting.splice(Math.max(free, 0), 1);
    await tx.query(`DELETE FROM ${tx.connection.driver.escape(name)}`);
  }
}
