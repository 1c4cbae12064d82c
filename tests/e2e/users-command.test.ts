import { PlatformProcess, totpCode } from '@platform/testkit';
import { ADMIN, EmbeddedPlatform } from './embedded-platform.js';

describe('platformctl users, beside a running platform and without one', () => {
  let platform: EmbeddedPlatform;
  const run = (...args: string[]) => PlatformProcess.run(['users', ...args], { PLATFORM_DATA_DIR: platform.directory });
  const done = async (...args: string[]): Promise<string> => {
    const { code, printed } = await run(...args);
    if (code !== 0) throw new Error(printed);
    return printed;
  };

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('has help, and says clearly what is wrong', async () => {
    expect((await run('--help')).printed).toMatch(
      /list[\s\S]*show[\s\S]*unlock[\s\S]*make-administrator[\s\S]*reset-password/,
    );
    const unknown = await run('show', 'nobody@example.com');
    expect(unknown).toEqual({
      code: 1,
      printed: expect.stringContaining('There is no user with the id, e-mail address'),
    });
    expect(unknown.printed).not.toMatch(/^ +at /m);
    expect((await run('list', '--limit', 'x')).code).toBe(1);
  });

  it('lets somebody in again, with a new password and the role, and leaves entries with the operator', async () => {
    const { client } = await platform.signInAsAdministrator();
    const email = 'grace@example.com';
    const { createUser } = await client.data(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }',
      { input: { email } },
    );
    await client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id: createUser.id });

    expect(await done('list')).toMatch(new RegExp(`${createUser.id} +locked +user +${email}`));
    expect(await done('list', '--administrators')).toContain(ADMIN.email);
    expect(await done('list', '--administrators')).not.toContain(email);
    expect(await done('show', email)).toMatch(/LOCKED[\s\S]*users unlock[\s\S]*no password/);
    expect(await done('unlock', createUser.id)).toContain('can sign in again');
    expect(await done('unlock', createUser.id)).toContain('was not locked');
    expect(await done('make-administrator', email)).toMatch(/is an administrator now[\s\S]*reset-password/);

    const printed = await done('reset-password', email, '--verified');
    const password = /has a new password: (\S+)/.exec(printed)?.[1] as string;
    const grace = await platform.signIn(email, password);
    expect(await grace.client.data('{ me { emailVerified roles { name } } }')).toEqual({
      me: { emailVerified: true, roles: expect.arrayContaining([{ name: 'admin' }]) },
    });

    const { auditEntries } = await client.data(
      'query ($id: ID!) { auditEntries(filter: { resourceId: $id }, first: 100) { nodes { action metadata } } }',
      { id: createUser.id },
    );
    const actions = (auditEntries.nodes as { action: string; metadata: { operator?: string } }[])
      .filter(({ action, metadata }) => action.endsWith('_by_operator') && /.+@.+/.test(metadata.operator ?? ''))
      .map(({ action }) => action);
    for (const action of ['viewed', 'unlocked', 'made_administrator', 'password_reset']) {
      expect(actions).toContain(`platform.user.${action}_by_operator`);
    }
  });

  it('takes second factors that were lost away, and signs somebody out everywhere', async () => {
    const { client } = await platform.signInAsAdministrator();
    const { enrollTotp } = await client.data('mutation { enrollTotp { secret } }');
    await client.data('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', {
      code: totpCode(enrollTotp.secret),
    });
    expect(await done('show', ADMIN.email)).toMatch(/factors +authenticator app$/m);

    expect(await done('disable-mfa', ADMIN.email)).toContain('no second factors any more');
    expect(await done('show', ADMIN.email)).toMatch(/factors +none$/m);
    await platform.signInAsAdministrator();
    expect(await done('revoke-sessions', ADMIN.email)).toMatch(/^1 sessions of .* have ended/m);
    const again = await platform.signInAsAdministrator();
    const entries = await again.client.data(
      '{ auditEntries(filter: { action: "platform.user." }, first: 100) { nodes { action } } }',
    );
    const actions = entries.auditEntries.nodes.map(({ action }: { action: string }) => action);
    for (const action of ['mfa_disabled', 'sessions_revoked']) {
      expect(actions).toContain(`platform.user.${action}_by_operator`);
    }
  });

  it('works while the platform is stopped; starting it changes nothing that was decided', async () => {
    const { client } = await platform.signInAsAdministrator();
    const { me, roleByName } = await client.data('{ me { id } roleByName(name: "admin") { id } }');
    await client.data(
      'mutation ($userId: ID!, $roleIds: [ID!]!) { revokeRoles(userId: $userId, roleIds: $roleIds) { id } }',
      { userId: me.id, roleIds: [roleByName.id] },
    );
    await platform.process.end();
    expect(await done('show', me.id)).toMatch(/roles +user$/m);

    platform = await EmbeddedPlatform.start({ directory: platform.directory });
    const again = await platform.signInAsAdministrator();
    expect(await again.client.data('{ me { roles { name } } }')).toEqual({ me: { roles: [{ name: 'user' }] } });
  });
});
