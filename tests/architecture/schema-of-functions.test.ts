import { subgraphNames } from '@platform/runtime/modules';
import { useDatabase } from '@platform/testkit';

/** Functions that look for tables and functions where the session that calls them does. */
const WITHOUT_SCHEMA = `
  SELECT function.oid::regprocedure::text AS name FROM pg_proc AS function
  JOIN pg_namespace AS schema ON schema.oid = pronamespace JOIN pg_language AS language ON language.oid = prolang
  WHERE nspname = ANY ($1) AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE starts_with(setting, 'search_path=' || nspname))
    AND (lanname = 'plpgsql' OR EXISTS (
      SELECT FROM pg_proc AS used WHERE used.pronamespace = function.pronamespace AND used.oid <> function.oid
        AND function.prosrc ~ ('\\m' || used.proname || '\\(')))
  ORDER BY 1`;

describe('the functions of every schema', () => {
  const database = useDatabase();

  it('find what they use in their own schema, whoever calls them', async () => {
    expect((await database.client.query(WITHOUT_SCHEMA, [subgraphNames])).rows).toEqual([]);
  });

  it('let an operator change rows in a session that looks nowhere', async () => {
    await database.client.query(`SET search_path TO ''; SET app.tenant_id TO '${crypto.randomUUID()}'`);
    const changes = [
      `INSERT INTO authz.roles (id, name, created_at, updated_at) VALUES (gen_random_uuid(), 'operators', now(), now())`,
      `INSERT INTO blog.post (id, author_id, slug, title, content, status, version, created_at, updated_at, listed_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'a', 'A', 'A', 'PUBLISHED', 1, now(), now(), now())`,
      `UPDATE blog.post SET author_id = gen_random_uuid(), tags = '{one}'`,
      'DELETE FROM blog.post',
      `INSERT INTO identity.users (id, email, username, created_at, updated_at) VALUES (gen_random_uuid(), 'a@example.com', 'a', now(), now())`,
      `UPDATE identity.users SET username = 'b'`,
    ];
    for (const change of changes) await database.client.query(change);
  });
});
