import { randomUUID } from 'node:crypto';
import { tenantVersion } from '@platform/auth';
import * as factors from './factor-operations.js';
import { asSignedIn, claimsOf, PASSWORD, type SignedIn, useIdentity } from './identity-under-test.js';
import * as organizations from './organization-operations.js';
import { protectedUsers } from './protected-users.js';

const requireMfa =
  'mutation ($id: ID!, $on: Boolean!) { updateOrganization(id: $id, input: { mfaRequired: $on }) { mfaRequired } }';

describe('an organization that asks for a second factor', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi'] });
  const { enrolTotp, enrolPasskey, challenged, completed, passkeyLogin } = protectedUsers(identity);
  let ada: SignedIn;
  let codes: string[];
  let id: string;

  beforeEach(async () => {
    ada = await identity.signedIn();
    ({ codes } = await enrolTotp(ada));
    const input = { name: `Acme ${randomUUID().slice(0, 8)}` };
    ({ id } = (await ada.client.data(organizations.createOrganization, { input })).createOrganization);
  });

  const asks = (on = true, by = ada) =>
    identity.in(id, by, ['identity.organization.update']).request(requireMfa, { id, on });
  async function member(): Promise<SignedIn> {
    const bob = await identity.signedIn();
    await identity.harness.sql(
      'INSERT INTO memberships (id, tenant_id, user_id, joined_at) VALUES ($1, $2, $3, now())',
      [randomUUID(), id, bob.id],
    );
    return bob;
  }
  const mayAct = async (user: SignedIn) => {
    const representations = [{ __typename: 'Session', id: user.sessionId }];
    const { _entities } = await user.client.data(organizations.actsIn, { representations, id });
    return _entities[0].actsIn;
  };

  it('lets sessions without one act in it no more, at once, and those with one go on', async () => {
    const bob = await member();
    expect([await mayAct(ada), await mayAct(bob)]).toEqual([true, true]);
    const [before] = await identity.harness.revocations.read([tenantVersion(id)]);

    expect((await asks()).data).toEqual({ updateOrganization: { mfaRequired: true } });

    expect([await mayAct(ada), await mayAct(bob)]).toEqual([true, false]);
    expect(await identity.harness.revocations.read([tenantVersion(id)])).not.toEqual([before]);
    await asks(false);
    expect(await mayAct(bob)).toBe(true);
  });

  it('is entered by nobody without one: not by a login, a switch or a refresh', async () => {
    await asks();
    const bob = await member();
    const login = await identity.login(bob.email);
    expect(claimsOf(login.accessToken)['tenant_id']).toBeUndefined();
    for (const [client, operation, variables] of [
      [login.client, organizations.switchOrganization, { id }],
      [identity.guest(), organizations.refreshInto, { id, refreshToken: login.refreshToken }],
    ] as const) {
      expect((await client.error(operation, variables)).extensions.code).toBe('MFA_ENROLLMENT_REQUIRED');
    }
    expect((await bob.client.data(factors.mfaStatus)).mfaStatus.required).toBe(true);
  });

  it('is entered from the enrolment on, in the same session', async () => {
    await asks();
    const bob = await member();
    await enrolTotp(bob);
    const { switchOrganization } = await bob.client.data(organizations.switchOrganization, { id });
    expect(claimsOf(switchOrganization.accessToken)).toMatchObject({ tenant_id: id });
  });

  it('is where a login with a second factor begins', async () => {
    await asks();
    const { challenge } = await challenged(ada.email);
    const user = await completed({ challenge, method: 'RECOVERY_CODE', code: codes[0] });
    expect(claimsOf(user.accessToken)).toMatchObject({ tenant_id: id });

    const { authenticator } = await enrolPasskey(ada);
    const byPasskey = await passkeyLogin((options) => authenticator.get(options));
    expect(claimsOf(byPasskey.user?.accessToken ?? '')).toMatchObject({ tenant_id: id });
  });

  it('goes on with the refreshes of a session that has one, and not with those of others', async () => {
    const bob = await member();
    const entered = asSignedIn(
      identity.harness,
      (await bob.client.data(organizations.switchOrganization, { id })).switchOrganization,
    );
    await asks();
    const { refreshToken } = await identity
      .guest()
      .data(organizations.refreshInto, { refreshToken: entered.refreshToken });
    expect(refreshToken.organization).toBeNull();
  });

  it('is made so by nobody who would keep themself out', async () => {
    const bob = await member();
    expect((await asks(true, bob)).errors?.[0]?.extensions?.['code']).toBe('MFA_ENROLLMENT_REQUIRED');
  });

  it('is changed in this by nobody without a recent proof, in either direction', async () => {
    await asks();
    identity.harness.clock.advance(15 * 60_000);
    expect((await asks(false)).errors?.[0]?.extensions?.['code']).toBe('REAUTHENTICATION_REQUIRED');
  });

  it('lets no session in that has shown a factor which is gone', async () => {
    const bob = await member();
    await enrolTotp(bob);
    await bob.client.data(factors.disableTotp, { password: PASSWORD });
    await asks();
    expect([await mayAct(ada), await mayAct(bob)]).toEqual([true, false]);
  });

  it('keeps the last factor of its members', async () => {
    await asks();
    const off = await ada.client.error(factors.disableTotp, { password: PASSWORD });
    expect(off.extensions.code).toBe('MFA_ENROLLMENT_REQUIRED');

    const { id: passkey } = await enrolPasskey(ada);
    await ada.client.data(factors.disableTotp, { password: PASSWORD });
    const last = await ada.client.error(factors.deletePasskey, { id: passkey });
    expect(last.extensions.code).toBe('MFA_ENROLLMENT_REQUIRED');
  });
});
