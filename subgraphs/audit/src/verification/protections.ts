import type pg from 'pg';

interface Guard {
  readonly table: string;
  readonly trigger: string;
  readonly state: string | null;
}

/** What keeps the log from being changed by accident, as the database's catalogue has it now; a message for each guard that is off or gone. */
export async function missingProtections(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Guard>(
    `WITH partition AS (
       SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass
     ), guard (name, trigger) AS (
       SELECT name, trigger FROM (SELECT name FROM partition UNION ALL SELECT 'audit_entry') AS tables,
         unnest(ARRAY['refuse_change', 'refuse_forged_positions']) AS trigger
       UNION ALL SELECT unnest(ARRAY['tile', 'checkpoint', 'log_identity', 'key_hand_over']), 'refuse_change'
     )
     SELECT guard.name AS "table", trigger, tgenabled AS state
       FROM guard LEFT JOIN pg_trigger ON tgrelid = to_regclass(guard.name) AND tgname = trigger ORDER BY 1, 2`,
  );
  const { rows: detached } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
       AND relname ~ '^audit_entry_\\d{4}_\\d{2}$' AND NOT relispartition ORDER BY 1`,
  );
  return [
    ...rows
      .filter(({ state }) => state !== 'A')
      .map(({ table, trigger, state }) =>
        state === null ? `trigger ${trigger} of ${table} is gone` : `trigger ${trigger} of ${table} is switched off`,
      ),
    ...detached.map(({ name }) => `partition ${name} is detached from the log`),
  ];
}
