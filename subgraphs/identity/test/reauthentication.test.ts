import * as factors from './factor-operations.js';
import { PASSWORD, type SignedIn, useIdentity } from './identity-under-test.js';
import { protectedUsers, STEP } from './protected-users.js';

describe('a proof that the user is still there', () => {
  const identity = useIdentity();
  const { codeOf, enrolTotp, enrolPasskey } = protectedUsers(identity);
  const asked = async ({ client }: SignedIn) =>
    (await client.data(factors.beginReauthentication)).beginReauthentication;
  const isAsked = async ({ client }: SignedIn) => {
    const { errors } = await client.request(factors.enrollTotp);
    const code = errors?.[0]?.extensions?.['code'];
    return code === 'REAUTHENTICATION_REQUIRED';
  };

  it('is asked for a quarter of an hour after the login, and given by the password', async () => {
    const ada = await identity.signedIn();
    expect(await isAsked(ada)).toBe(false);
    identity.harness.clock.advance(15 * 60_000);
    expect(await isAsked(ada)).toBe(true);

    const { challenge, methods, passkeyOptions, expiresIn } = await asked(ada);
    expect({ methods, passkeyOptions, expiresIn }).toEqual({
      methods: ['PASSWORD'],
      passkeyOptions: null,
      expiresIn: 300,
    });
    const input = { challenge, method: 'PASSWORD', response: PASSWORD };
    const { reauthenticate } = await ada.client.data(factors.reauthenticate, { input });
    expect(reauthenticate).toEqual({
      id: ada.sessionId,
      methods: ['PASSWORD'],
      authenticatedAt: expect.any(String),
    });
    expect(Date.now() + 15 * 60_000 - Date.parse(reauthenticate.authenticatedAt)).toBeLessThan(10_000);
    expect(await isAsked(ada)).toBe(false);
    expect(await identity.events('platform.session.reauthenticated', ada.sessionId)).toHaveLength(1);
  });

  it('is given by a code or a passkey, which the session counts from then on', async () => {
    const ada = await identity.signedIn();
    const { secret } = await enrolTotp(ada);
    const { authenticator } = await enrolPasskey(ada);

    identity.harness.clock.advance(15 * 60_000);
    const byCode = await asked(ada);
    expect(byCode.methods).toEqual(['PASSWORD', 'TOTP', 'PASSKEY']);
    const code = { challenge: byCode.challenge, method: 'TOTP', response: codeOf(secret) };
    await ada.client.data(factors.reauthenticate, { input: code });
    expect(await isAsked(ada)).toBe(false);

    identity.harness.clock.advance(15 * 60_000 + STEP);
    const byPasskey = await asked(ada);
    const response = JSON.stringify(authenticator.get(byPasskey.passkeyOptions));
    const key = { challenge: byPasskey.challenge, method: 'PASSKEY', response };
    const { reauthenticate } = await ada.client.data(factors.reauthenticate, { input: key });
    expect(reauthenticate.methods).toEqual(['PASSWORD', 'TOTP', 'PASSKEY']);
  });

  it('is not given by what is wrong, nor by another method', async () => {
    const ada = await identity.signedIn();
    const { challenge } = await asked(ada);
    for (const [method, response, code] of [
      ['PASSWORD', 'another password', 'INVALID_CREDENTIALS'],
      ['TOTP', '123456', 'INVALID_CODE'],
      ['PASSKEY', '{}', 'INVALID_CODE'],
      ['EMAIL_LINK', 'x', 'INVALID_CODE'],
    ]) {
      const error = await ada.client.error(factors.reauthenticate, { input: { challenge, method, response } });
      expect(error.extensions.code).toBe(code);
    }
  });

  it('answers the challenge of its own session once, and in time', async () => {
    const ada = await identity.signedIn();
    const elsewhere = await identity.login(ada.email);
    const { challenge } = await asked(elsewhere);
    const input = { challenge, method: 'PASSWORD', response: PASSWORD };
    const stolen = await ada.client.error(factors.reauthenticate, { input });
    expect(stolen.extensions.code).toBe('INVALID_CHALLENGE');

    await elsewhere.client.data(factors.reauthenticate, { input });
    const twice = await elsewhere.client.error(factors.reauthenticate, { input });
    expect(twice.extensions.code).toBe('INVALID_CHALLENGE');

    const late = await asked(ada);
    identity.harness.clock.advance(5 * 60_000);
    const error = await ada.client.error(factors.reauthenticate, { input: { ...input, challenge: late.challenge } });
    expect(error.extensions.code).toBe('INVALID_CHALLENGE');
  });

  it('needs a session', async () => {
    const ada = await identity.signedIn();
    const machine = identity.harness.asUser(ada.id);
    for (const operation of [factors.beginReauthentication, factors.enrollTotp, factors.beginPasskeyRegistration]) {
      expect((await machine.error(operation)).extensions.code).toBe('SESSION_REQUIRED');
    }
    expect((await identity.guest().error(factors.beginReauthentication)).extensions.code).toBe('UNAUTHENTICATED');
  });
});
