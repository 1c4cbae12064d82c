import { SoftwareAuthenticator } from '@platform/testkit';
import * as factors from './factor-operations.js';
import { claimsOf, useIdentity } from './identity-under-test.js';
import { ORIGIN, protectedUsers } from './protected-users.js';

describe('passkeys', () => {
  const identity = useIdentity();
  const { enrolPasskey, passkeyLogin } = protectedUsers(identity);

  it('are registered with user verification, and listed to their owner', async () => {
    const ada = await identity.signedIn();
    const { challenge, options, expiresIn } = (await ada.client.data(factors.beginPasskeyRegistration))
      .beginPasskeyRegistration;
    expect(expiresIn).toBe(300);
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: ada.email },
      authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
    });
    const credential = new SoftwareAuthenticator(ORIGIN, true).create(options);
    const input = { challenge, credential, name: '  My   phone ' };
    const { registerPasskey } = await ada.client.data(factors.registerPasskey, { input });
    expect(registerPasskey).toEqual({ id: expect.any(String), name: 'My phone', synced: true, lastUsedAt: null });
    expect((await ada.client.data(factors.passkeys)).passkeys).toEqual([
      expect.objectContaining({ id: registerPasskey.id, name: 'My phone' }),
    ]);
    await identity.mail(ada.email, 'A passkey was added');
  });

  it('sign in without an address or a password, as two factors', async () => {
    const ada = await identity.signedIn();
    const { authenticator } = await enrolPasskey(ada);
    const { user } = await passkeyLogin((options) => authenticator.get(options));
    expect(user?.id).toBe(ada.id);
    expect(claimsOf(user?.accessToken ?? '')).toMatchObject({ amr: ['pop', 'mfa'] });
    expect((await ada.client.data(factors.passkeys)).passkeys[0].lastUsedAt).not.toBeNull();
  });

  it('are renamed and deleted by their owner', async () => {
    const ada = await identity.signedIn();
    const { id } = await enrolPasskey(ada);
    const renamed = await ada.client.data(factors.renamePasskey, { id, name: 'Key' });
    expect(renamed.renamePasskey).toEqual({ id, name: 'Key' });
    expect(await ada.client.data(factors.deletePasskey, { id })).toEqual({ deletePasskey: true });
    expect(await ada.client.data(factors.passkeys)).toEqual({ passkeys: [] });
    expect((await ada.client.error(factors.deletePasskey, { id })).extensions.code).toBe('PASSKEY_NOT_FOUND');
    await identity.mail(ada.email, 'A passkey was removed');
  });

  it('of others are unknown', async () => {
    const { id } = await enrolPasskey(await identity.signedIn());
    const bob = await identity.signedIn();
    for (const [operation, variables] of [
      [factors.renamePasskey, { id, name: 'Mine' }],
      [factors.deletePasskey, { id }],
    ] as const) {
      expect((await bob.client.error(operation, variables)).extensions.code).toBe('PASSKEY_NOT_FOUND');
    }
    const missing = await bob.client.error(factors.renamePasskey, { id: 'unknown', name: 'Mine' });
    expect(missing.extensions.code).toBe('PASSKEY_NOT_FOUND');
  });

  it('stay when nobody could sign in without them', async () => {
    const ada = await identity.signedIn();
    const first = await enrolPasskey(ada);
    await identity.harness.sql('DELETE FROM credentials WHERE user_id = $1', [ada.id]);
    const error = await ada.client.error(factors.deletePasskey, { id: first.id });
    expect(error.extensions.code).toBe('LAST_LOGIN_METHOD');
    expect((await passkeyLogin((options) => first.authenticator.get(options))).user?.id).toBe(ada.id);

    const second = await enrolPasskey(ada);
    await ada.client.data(factors.deletePasskey, { id: first.id });
    expect((await passkeyLogin((options) => second.authenticator.get(options))).user?.id).toBe(ada.id);
  });

  it('are at most twenty of an account', async () => {
    const ada = await identity.signedIn();
    for (let count = 0; count < 20; count += 1) await enrolPasskey(ada);
    expect((await ada.client.error(factors.beginPasskeyRegistration)).extensions).toMatchObject({
      code: 'LIMIT_REACHED',
      limit: 20,
    });
  }, 60_000);

  it('need a recent authentication to come and go', async () => {
    const ada = await identity.signedIn();
    const { id } = await enrolPasskey(ada);
    identity.harness.clock.advance(15 * 60_000);
    for (const [operation, variables] of [
      [factors.beginPasskeyRegistration, {}],
      [factors.deletePasskey, { id }],
    ] as const) {
      const { extensions } = await ada.client.error(operation, variables);
      expect(extensions).toMatchObject({
        code: 'REAUTHENTICATION_REQUIRED',
        maxAge: 900,
        methods: ['PASSWORD', 'PASSKEY'],
      });
    }
  });
});
