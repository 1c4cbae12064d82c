import { randomUUID } from 'node:crypto';
import { userCaller } from '@platform/auth';
import { authz, authzServices } from '@platform/authz';
import { permissions } from '@platform/contracts';
import { InProcessBus } from '@platform/events';
import { identity, identityServices } from '@platform/identity';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { Targets } from '@platform/subgraph-server/subgraph';
import { inTenant, type SubgraphClient, useSubgraph } from '@platform/testkit';

export const PASSWORD = 'correct horse battery staple';

/** Every permission code, as an administrator holds them. */
export const everyCode = Object.keys(permissions).sort();

/** Identity and authz as they work together, each on a database of its own, without a router. */
export function useIdentityWithAuthz({ set = [] }: { readonly set?: string[] } = {}) {
  let inAuthz: Parameters<typeof authz.compose>[0];
  let inIdentity: Parameters<typeof identity.compose>[0];
  const targets: Record<'identity' | 'authz', Targets> = { identity: {}, authz: {} };
  const bus = new InProcessBus();
  // Each is called once both have started.
  const authzEndpoint: SubgraphEndpoint = { execute: (...call) => authzHarness.endpoint.execute(...call) };
  const identityEndpoint: SubgraphEndpoint = { execute: (...call) => identityHarness.endpoint.execute(...call) };
  const identityHarness = useSubgraph(
    {
      ...identity,
      compose(given: typeof inIdentity) {
        inIdentity = given;
        const parts = identity.compose(given);
        targets.identity = parts.targets;
        return parts;
      },
    },
    { endpoints: { authz: authzEndpoint }, bus, set },
  );
  const authzHarness = useSubgraph(
    {
      ...authz,
      compose(given: typeof inAuthz) {
        inAuthz = given;
        const parts = authz.compose(given);
        targets.authz = parts.targets;
        return parts;
      },
    },
    { endpoints: { identity: identityEndpoint }, bus, set },
  );
  afterEach(() => {
    expect(identityHarness.unexpected).toEqual([]);
    expect(authzHarness.unexpected).toEqual([]);
  });

  const ROOT: string = randomUUID();
  let passwordHash: string | undefined;

  /** Somebody who can sign in with the password; hashed once, for it takes its time. */
  const services = () =>
    inTenant(identityHarness.tenantId, { identity: identityServices(inIdentity), authz: authzServices(inAuthz) });

  async function person(): Promise<string> {
    const username = `u${randomUUID().replaceAll('-', '').slice(0, 20)}`;
    if (passwordHash === undefined) {
      const { accounts } = services().identity;
      const email = `${username}@example.com`;
      const id = (await accounts.prepare({ email, username, password: PASSWORD })) as string;
      await accounts.verify(id);
      const [credential] = await identityHarness.sql('SELECT password_hash FROM credentials WHERE user_id = $1', [id]);
      passwordHash = credential.password_hash as string;
      return id;
    }
    const id = randomUUID();
    await identityHarness.sql(
      `INSERT INTO users (id, email, email_verified, username, created_at, updated_at) VALUES ($1, $2, true, $3, now(), now())`,
      [id, `${username}@example.com`, username],
    );
    await identityHarness.sql('INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, now())', [
      id,
      passwordHash,
    ]);
    return id;
  }

  return {
    identity: identityHarness,
    authz: authzHarness,
    targets,
    person,
    /** The services as the command line uses them. */
    services,
    async administrator(): Promise<string> {
      const id = await person();
      await services().authz.assignments.ensureAdministrator(id);
      return id;
    },
    /** Calls a subgraph as somebody with the permissions, every one when left out. */
    as: (subgraph: 'identity' | 'authz', userId = ROOT, codes: readonly string[] = everyCode): SubgraphClient =>
      (subgraph === 'identity' ? identityHarness : authzHarness).asUser(userId, codes),
    /** The same in a session that has just begun. */
    async inSession(
      subgraph: 'identity' | 'authz',
      userId = ROOT,
      codes: readonly string[] = everyCode,
    ): Promise<SubgraphClient> {
      if (userId === ROOT) {
        await identityHarness.sql(
          `INSERT INTO users (id, email, email_verified, username, created_at, updated_at)
           VALUES ($1, 'root@example.com', true, 'root', now(), now()) ON CONFLICT DO NOTHING`,
          [ROOT],
        );
      }
      const sessionId = randomUUID();
      await identityHarness.sql(
        `INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at) VALUES ($1, $2, now(), now(), now() + interval '1 day')`,
        [sessionId, userId],
      );
      const harness = subgraph === 'identity' ? identityHarness : authzHarness;
      return harness.as(userCaller(userId, sessionId, harness.tenantId, codes));
    },
    async roleId(name: string): Promise<string> {
      const [role] = await authzHarness.sql('SELECT id FROM roles WHERE name = $1', [name]);
      return role.id;
    },
    /** Takes the role of administrators from everyone, past every rule. */
    withoutAdministrators: () =>
      authzHarness.sql("DELETE FROM assignments USING roles WHERE roles.id = role_id AND roles.name = 'admin'"),
    /** Those administrators who can sign in, read past every service. */
    async usableAdministrators(): Promise<string[]> {
      const holders = await authzHarness.sql(
        "SELECT user_id FROM assignments JOIN roles ON roles.id = role_id WHERE roles.name = 'admin'",
      );
      const able = await identityHarness.sql(
        "SELECT id FROM users JOIN credentials ON user_id = id WHERE status = 'ACTIVE' AND email_verified AND id = ANY($1)",
        [holders.map(({ user_id }) => user_id)],
      );
      return able.map(({ id }) => id);
    },
  };
}
