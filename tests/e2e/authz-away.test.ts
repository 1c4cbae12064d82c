import {
  createTestDatabase,
  describeWithRedis,
  eventually,
  type GraphQLClient,
  type TestDatabase,
} from '@platform/testkit';
import {
  codesWhileAway,
  deniedEntries,
  hangingInItsDatabase,
  type Outage,
  onlyUnavailable,
  withoutItsDatabase,
} from './authz-outage.js';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

/** Callers are asked for anew at once, and authz is given up after three seconds. */
const IMPATIENT = { ROUTER_CALLER_CACHE_LIFETIME: '1ms', ROUTER_SUBGRAPH_TIMEOUT: '3s' };

/** As every other process on the tests' server has it: the roles are the server's, and so are their passwords. */
const ROLE_SECRET = 'test-role-secret-not-for-production-either';

/** What everybody is told, what the log is not told, and that it passes. */
async function expectTruth(admin: Session, guest: GraphQLClient, outage: Outage): Promise<void> {
  const before = await deniedEntries(admin.client);
  await outage.begin();
  try {
    for (const client of [admin.client, guest]) {
      await eventually(async () => expect(await codesWhileAway(client)).toEqual(onlyUnavailable()));
    }
    const me = await admin.client.request('{ me { id email roles { name } } }');
    expect(me.data.me).toMatchObject({ id: admin.userId, email: 'admin@example.com', roles: null });
    const { data, errors } = await guest.request('query ($id: ID!) { user(id: $id) { id } }', { id: admin.userId });
    expect([data, errors.map(({ extensions }) => extensions.code)]).not.toContain('UNAUTHORIZED_FIELD_OR_TYPE');
  } finally {
    await outage.end();
  }
  await eventually(async () => {
    await admin.client.data('{ posts(first: 1) { totalCount } users(first: 1) { totalCount } }');
    await guest.data('{ posts(first: 1) { totalCount } }');
  });
  // A refusal that is one reaches the log after all that would have been told before it.
  await guest.codes('{ auditCheckpoint { treeSize } }');
  await eventually(async () => expect(await deniedEntries(admin.client)).toBe(before + 1));
}

describe('while authz is away in the platform’s one process, what nobody can decide is unavailable, and no denial', () => {
  let database: TestDatabase;
  let platform: EmbeddedPlatform;
  let admin: Session;

  beforeAll(async () => {
    database = await createTestDatabase();
    platform = await EmbeddedPlatform.start({
      env: { DATABASE_URL: database.url, DATABASE_ROLE_SECRET: ROLE_SECRET, ...IMPATIENT },
    });
    admin = await platform.signInAsAdministrator();
  });
  afterAll(async () => {
    await platform?.stop();
    await database?.drop();
  });

  it('when its database is away', () => expectTruth(admin, platform.anonymous, withoutItsDatabase(database.url)));

  it('when its database does not answer', () =>
    expectTruth(admin, platform.anonymous, hangingInItsDatabase(database.url)));
});

describeWithRedis(
  'while authz is away from its routers, what nobody can decide is unavailable, and no denial',
  (redis) => {
    let platform: DistributedPlatform;
    let admin: Session;

    beforeAll(async () => {
      platform = await DistributedPlatform.start(redis, IMPATIENT);
      admin = await platform.signInAsAdministrator();
    });
    afterAll(() => platform?.stop());

    const authz = () => platform.process('authz');

    it('when its process has ended', () =>
      expectTruth(admin, platform.client('router'), {
        begin: async () => void (await authz().end('SIGKILL')),
        end: () => platform.run('authz'),
      }));

    it('when its process hangs', () =>
      expectTruth(admin, platform.client('router'), {
        begin: async () => authz().signal('SIGSTOP'),
        end: async () => authz().signal('SIGCONT'),
      }));

    it('when its database is away', () =>
      expectTruth(admin, platform.client('router'), withoutItsDatabase(platform.databaseUrl)));
  },
);
