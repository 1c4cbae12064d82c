import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { roleCreated } from '@platform/contracts';
import { ownerRole, runtimeUrl } from '@platform/postgres/database';
import { useSubgraph } from '@platform/testkit';
import pg from 'pg';

const NEW_ENTRY = `INSERT INTO audit_entry (id, sequence, action, resource, outcome, metadata, occurred_at, recorded_at, leaf_hash)
  VALUES (gen_random_uuid(), $1, 'forged', 'log', 'SUCCESS', '{}', now(), $2, '')`;
const NEXT = 'SELECT sequence, recorded_at FROM next_position()';

describe('the audit log', () => {
  const harness = useSubgraph(audit);
  const asRole = {
    runtime: { url: () => runtimeUrl(harness.databaseUrl, harness.config.database, audit.name), first: '' },
    owner: { url: () => harness.databaseUrl, first: `SET ROLE ${ownerRole(audit.name)}` },
    superuser: { url: () => harness.databaseUrl, first: 'SET session_replication_role = replica' },
  };

  async function as<T>(role: keyof typeof asRole, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: asRole[role].url() });
    await client.connect();
    try {
      await client.query(
        `SET search_path TO ${audit.name}; SET app.tenant_id TO '${harness.tenantId}'; ${asRole[role].first}`,
      );
      return await work(client);
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    const roleId = randomUUID();
    await harness.deliver(roleCreated, { subject: roleId, data: { roleId, name: 'editor' } });
  });

  const INSUFFICIENT_PRIVILEGE = '42501';
  const RESTRICT_VIOLATION = '23001';

  it.each([
    ['runtime', 'UPDATE audit_entry SET action = $$x$$', INSUFFICIENT_PRIVILEGE],
    ['runtime', 'DELETE FROM audit_entry', INSUFFICIENT_PRIVILEGE],
    ['runtime', 'TRUNCATE audit_entry', INSUFFICIENT_PRIVILEGE],
    ['runtime', 'ALTER TABLE audit_entry DISABLE TRIGGER ALL', INSUFFICIENT_PRIVILEGE],
    ['runtime', 'SET session_replication_role = replica', INSUFFICIENT_PRIVILEGE],
    ['owner', 'UPDATE audit_entry SET action = $$x$$', RESTRICT_VIOLATION],
    ['owner', 'DELETE FROM audit_entry', RESTRICT_VIOLATION],
    ['owner', 'TRUNCATE audit_entry', RESTRICT_VIOLATION],
    ['superuser', 'UPDATE audit_entry SET action = $$x$$', RESTRICT_VIOLATION],
    ['superuser', 'DELETE FROM audit_entry', RESTRICT_VIOLATION],
    ['superuser', 'TRUNCATE audit_entry', RESTRICT_VIOLATION],
  ] as const)('refuses the %s: %s', async (role, statement, code) => {
    await expect(as(role, (client) => client.query(statement))).rejects.toMatchObject({ code });
    expect(await harness.sql('SELECT action FROM audit_entry')).toEqual([{ action: roleCreated.type }]);
  });

  it.each(['runtime', 'owner', 'superuser'] as const)(
    'refuses entries with a forged place or time from the %s',
    async (role) => {
      await as(role, async (client) => {
        const { rows } = await client.query(NEXT);
        const { sequence, recorded_at: now } = rows[0];
        const at = (ms: number) => new Date(now.getTime() + ms);
        const forged = [
          [0, now],
          [Number(sequence) + 1, now],
          [-1, now],
          [sequence, at(-60_000)],
          [sequence, at(60_000)],
        ];
        const ofTheMonth = `audit_entry_${now.toISOString().slice(0, 7).replace('-', '_')}`;
        for (const table of ['audit_entry', ofTheMonth]) {
          const insert = NEW_ENTRY.replace('audit_entry', table);
          for (const position of forged)
            await expect(client.query(insert, position)).rejects.toMatchObject({ code: RESTRICT_VIOLATION });
        }
      });
    },
  );

  it('does not look for its end where a caller’s search path leads', async () => {
    await as('runtime', async (client) => {
      await client.query('CREATE TEMP TABLE audit_entry (sequence bigint, recorded_at timestamptz)');
      await client.query("INSERT INTO pg_temp.audit_entry VALUES (41, now() - interval '1 hour')");
      const now = `date_trunc('milliseconds', clock_timestamp())`;
      const forged = client.query(NEW_ENTRY.replace('audit_entry', 'audit.audit_entry').replace('$2', now), [42]);
      await expect(forged).rejects.toMatchObject({ code: RESTRICT_VIOLATION });
    });
  });
});
