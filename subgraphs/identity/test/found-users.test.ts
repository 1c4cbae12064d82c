import { identityServices } from '@platform/identity';
import { ExecutedStatements, inTenant } from '@platform/testkit';
import { useIdentity } from './identity-under-test.js';
import { users } from './operations.js';

/** A third of them made at one moment, as an import does, the others over eight years; every third an Anna, one in a hundred a Zoe, and one alone 葛. */
const USERS = `
  INSERT INTO users (id, email, email_verified, username, first_name, status, created_at, updated_at)
  SELECT gen_random_uuid(), 'user' || n || '@example.com', n % 2 = 0, 'user' || n,
    CASE WHEN n = 700 THEN '葛' WHEN n % 100 = 50 THEN 'Zoe' WHEN n % 3 = 0 THEN 'Anna' ELSE 'Bela' END, CASE WHEN n % 7 = 0 THEN 'LOCKED' ELSE 'ACTIVE' END, at, at
  FROM generate_series(1, 1500) AS n, LATERAL (SELECT CASE WHEN n BETWEEN 800 AND 1300 THEN timestamptz '2024-05-05' ELSE timestamptz '2018-01-01' + n * interval '2 days' END AS at) AS made`;

const EXPECTED = `
  SELECT id FROM users WHERE strpos(user_words(username, email, first_name, last_name), folded($1)) > 0 AND status <> 'DELETED'
    AND ($2::text IS NULL OR status = $2) AND ($3::boolean IS NULL OR email_verified = $3)
    AND ($4::timestamptz IS NULL OR created_at > $4) AND ($5::timestamptz IS NULL OR created_at < $5)
  ORDER BY created_at DESC, id DESC`;

interface Filter {
  readonly search: string;
  readonly status?: string;
  readonly emailVerified?: boolean;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

describe('a search for users', () => {
  const identity = useIdentity({ set: ['events.relay=false'] });

  beforeAll(() => identity.harness.sql(USERS));

  const expected = async ({
    search,
    status,
    emailVerified,
    createdAfter,
    createdBefore,
  }: Filter): Promise<string[]> => {
    const rows = await identity.harness.sql(EXPECTED, [search, status, emailVerified, createdAfter, createdBefore]);
    return rows.map(({ id }) => id);
  };

  async function paged(filter: Filter, size: number, backward: boolean): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Record<string, unknown> = backward ? { last: size, before: cursor } : { first: size, after: cursor };
      const found = (await identity.admin().data(users, { filter, ...page })).users;
      const nodes = found.nodes.map(({ id }: { id: string }) => id);
      ids.splice(backward ? 0 : ids.length, 0, ...nodes);
      if (!(backward ? found.pageInfo.hasPreviousPage : found.pageInfo.hasNextPage)) return ids;
      cursor = backward ? found.pageInfo.startCursor : found.pageInfo.endCursor;
    }
  }

  it.each<Filter>([
    { search: 'anna' },
    { search: 'zoe' },
    { search: '葛' },
    { search: 'e' },
    { search: 'user7' },
    { search: 'nobody' },
    { search: 'anna', status: 'LOCKED' },
    { search: 'a', emailVerified: false, status: 'ACTIVE' },
    { search: 'bela', createdAfter: '2019-03-03T00:00:00Z', createdBefore: '2020-03-03T00:00:00Z' },
    { search: 'bela', createdAfter: '2040-01-01T00:00:00Z' },
    { search: 'bela', createdBefore: '2000-01-01T00:00:00Z' },
    { search: "o'neil" },
    { search: '\\%' },
  ])('for %j goes through all of them in both directions, each once, newest first', async (filter) => {
    const all = await expected(filter);
    expect(await paged(filter, 100, false)).toEqual(all);
    expect(await paged(filter, 97, true)).toEqual(all);
    expect((await identity.admin().data(users, { filter, first: 0 })).users.totalCount).toBe(all.length);
  });

  it.each(['anna', 'ZOE', '葛', 'user7', 'nobody', "o'neil", '\\%'])(
    'for %j finds the same at the terminal, with an index, and among given users',
    async (search) => {
      const { recovery } = inTenant(identity.harness.tenantId, identityServices(identity.infrastructure()));
      const all = await expected({ search });
      const listed = async (...args: Parameters<typeof recovery.list>) =>
        (await recovery.list(...args)).map(({ id }) => id);
      expect(await listed(search, 1_000)).toEqual(all);
      expect(await listed(search, 10)).toEqual(all.slice(0, 10));
      const some = (await expected({ search: 'user' })).slice(0, 100);
      expect(await listed(search, 50, some)).toEqual(some.filter((id) => all.includes(id)).slice(0, 50));
    },
  );

  it('asks for the ids and for their rows, and for nothing before', async () => {
    const statements = new ExecutedStatements();
    statements.start();
    await identity.admin().data('{ users(filter: { search: "anna" }) { nodes { id } } }');
    statements.stop();
    expect(statements.take().filter((text) => /users/.test(text))).toEqual([
      expect.stringContaining('matching_users'),
      expect.stringContaining('SELECT'),
    ]);
  });

  it('may be narrowed to what is between two cursors', async () => {
    const filter = { search: 'anna' };
    const { edges } = (await identity.admin().data(users, { filter, first: 50 })).users;
    const cursors = edges.map(({ cursor }: { cursor: string }) => cursor);
    const between = { filter, after: cursors[9], before: cursors[20] };
    const ids = edges.slice(10, 20).map(({ node }: { node: { id: string } }) => node.id);
    for (const page of [{ first: 30 }, { last: 30 }]) {
      const found = (await identity.admin().data(users, { ...between, ...page })).users;
      expect(found.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    }
  });
});
