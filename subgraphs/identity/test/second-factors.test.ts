import * as factors from './factor-operations.js';
import { claimsOf, PASSWORD, useIdentity } from './identity-under-test.js';
import { changePassword } from './operations.js';
import { protectedUsers, STEP } from './protected-users.js';

describe('an authenticator app', () => {
  const identity = useIdentity();
  const { codeOf, enrolTotp, challenged, completed, completionError } = protectedUsers(identity);

  it('is enrolled with a secret for its QR code, and protects nothing before its first code', async () => {
    const ada = await identity.signedIn();
    const { secret, otpauthUri } = (await ada.client.data(factors.enrollTotp)).enrollTotp;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(otpauthUri).searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(otpauthUri)).toContain(ada.email);

    expect((await ada.client.data(factors.mfaStatus)).mfaStatus.totpEnabled).toBe(false);
    expect((await challenged(ada.email)).__typename).toBe('AuthPayload');
  });

  it('protects the account from its first code on, which gives ten recovery codes', async () => {
    const ada = await identity.signedIn();
    const { codes } = await enrolTotp(ada);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-z]{5}-[0-9a-z]{5}$/);

    expect(await ada.client.data(factors.mfaStatus)).toEqual({
      me: { mfaEnabled: true },
      mfaStatus: { hasPassword: true, totpEnabled: true, passkeyCount: 0, recoveryCodesLeft: 10, required: false },
    });
    expect(await identity.events('platform.mfa.enabled', ada.id)).toHaveLength(1);
    await identity.mail(ada.email, 'An authenticator app was added');
  });

  it('asks for a code after the password, and gives no tokens before', async () => {
    const ada = await identity.signedIn();
    const { secret } = await enrolTotp(ada);
    const step = await challenged(ada.email);
    expect(step).toEqual({
      __typename: 'MfaChallenge',
      challenge: expect.any(String),
      methods: ['TOTP', 'RECOVERY_CODE'],
      expiresIn: 300,
      passkeyOptions: null,
    });

    identity.harness.clock.advance(STEP);
    const { accessToken } = await completed({ challenge: step.challenge, method: 'TOTP', code: codeOf(secret) });
    expect(claimsOf(accessToken)).toMatchObject({ sub: ada.id, amr: ['pwd', 'otp', 'mfa'] });
  });

  it('takes codes of the step before and after, with spaces, and no others', async () => {
    const ada = await identity.signedIn();
    const { secret } = await enrolTotp(ada);
    identity.harness.clock.advance(10 * STEP);
    for (const steps of [-2, 2]) {
      const { challenge } = await challenged(ada.email);
      const input = { challenge, method: 'TOTP', code: codeOf(secret, steps) };
      expect(await completionError(input)).toBe('INVALID_CODE');
    }
    for (const steps of [-1, 0, 1]) {
      const { challenge } = await challenged(ada.email);
      const code = codeOf(secret, steps);
      await completed({ challenge, method: 'TOTP', code: `${code.slice(0, 3)} ${code.slice(3)}` });
    }
  });

  it('is replaced while it is not confirmed, and not once it is', async () => {
    const ada = await identity.signedIn();
    const first = (await ada.client.data(factors.enrollTotp)).enrollTotp.secret;
    const second = (await ada.client.data(factors.enrollTotp)).enrollTotp.secret;
    expect(second).not.toBe(first);
    expect((await ada.client.error(factors.confirmTotp, { code: codeOf(first) })).extensions.code).toBe('INVALID_CODE');
    await ada.client.data(factors.confirmTotp, { code: codeOf(second) });

    expect((await ada.client.error(factors.enrollTotp)).extensions.code).toBe('TOTP_ALREADY_ENABLED');
    const again = await ada.client.error(factors.confirmTotp, { code: codeOf(second) });
    expect(again.extensions.code).toBe('TOTP_ALREADY_ENABLED');
  });

  it('is confirmed within an hour, and only after enrolment', async () => {
    const ada = await identity.signedIn();
    const early = await ada.client.error(factors.confirmTotp, { code: '123456' });
    expect(early.extensions.code).toBe('TOTP_NOT_ENROLLED');

    const { secret } = (await ada.client.data(factors.enrollTotp)).enrollTotp;
    identity.harness.clock.advance(3_600_000 + 1);
    const late = await ada.client.error(factors.confirmTotp, { code: codeOf(secret) });
    expect(late.extensions.code).toBe('TOTP_NOT_ENROLLED');
  });

  it('is turned off by the password, with its recovery codes', async () => {
    const ada = await identity.signedIn();
    const { codes } = await enrolTotp(ada);
    const wrong = await ada.client.error(factors.disableTotp, { password: 'another password' });
    expect(wrong.extensions.code).toBe('INVALID_CREDENTIALS');
    expect(await ada.client.data(factors.disableTotp, { password: PASSWORD })).toEqual({ disableTotp: true });

    expect((await challenged(ada.email)).__typename).toBe('AuthPayload');
    expect((await ada.client.data(factors.mfaStatus)).mfaStatus).toMatchObject({ recoveryCodesLeft: 0 });
    const off = await ada.client.error(factors.disableTotp, { password: PASSWORD });
    expect(off.extensions.code).toBe('TOTP_NOT_ENROLLED');
    await identity.mail(ada.email, 'The authenticator app was removed');

    await enrolTotp(ada);
    const { challenge } = await challenged(ada.email);
    expect(await completionError({ challenge, method: 'RECOVERY_CODE', code: codes[0] })).toBe('INVALID_CODE');
  });

  it('goes on to count in the session that follows a change of the password', async () => {
    const ada = await identity.signedIn();
    await enrolTotp(ada);
    const input = { oldPassword: PASSWORD, newPassword: 'another good password' };
    const { accessToken } = (await ada.client.data(changePassword, { input })).changePassword;
    expect(claimsOf(accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  });
});

describe('recovery codes', () => {
  const identity = useIdentity();
  const { enrolTotp, enrolPasskey, challenged, completed, completionError } = protectedUsers(identity);

  it('sign in once each, in any spelling', async () => {
    const ada = await identity.signedIn();
    const { codes } = await enrolTotp(ada);
    const [code = ''] = codes;
    const first = await challenged(ada.email);
    const spelled = ` ${code.toUpperCase().replace('-', ' ')} `;
    const user = await completed({ challenge: first.challenge, method: 'RECOVERY_CODE', code: spelled });
    expect((await user.client.data(factors.mfaStatus)).mfaStatus.recoveryCodesLeft).toBe(9);

    const { challenge } = await challenged(ada.email);
    expect(await completionError({ challenge, method: 'RECOVERY_CODE', code })).toBe('INVALID_CODE');
  });

  it('are replaced all at once, after a recent authentication', async () => {
    const ada = await identity.signedIn();
    const { codes } = await enrolTotp(ada);
    const renewed = (await ada.client.data(factors.regenerateRecoveryCodes)).regenerateRecoveryCodes.codes;
    expect(renewed).toHaveLength(10);
    await identity.mail(ada.email, 'You have new recovery codes');

    const { challenge } = await challenged(ada.email);
    expect(await completionError({ challenge, method: 'RECOVERY_CODE', code: codes[3] })).toBe('INVALID_CODE');
    await completed({ challenge, method: 'RECOVERY_CODE', code: renewed[3] });

    identity.harness.clock.advance(15 * 60_000);
    const late = await ada.client.error(factors.regenerateRecoveryCodes);
    expect(late.extensions.code).toBe('REAUTHENTICATION_REQUIRED');
  });

  it('are of no use to an account without a second factor', async () => {
    const ada = await identity.signedIn();
    expect((await ada.client.error(factors.regenerateRecoveryCodes)).extensions.code).toBe('TOTP_NOT_ENROLLED');
  });

  it('make a password ask for a passkey, which it does not without them', async () => {
    const ada = await identity.signedIn();
    const { authenticator } = await enrolPasskey(ada);
    expect((await challenged(ada.email)).__typename).toBe('AuthPayload');

    await ada.client.data(factors.regenerateRecoveryCodes);
    const step = await challenged(ada.email);
    expect(step).toMatchObject({ __typename: 'MfaChallenge', methods: ['RECOVERY_CODE', 'PASSKEY'] });
    const code = JSON.stringify(authenticator.get(step.passkeyOptions));
    const { accessToken } = await completed({ challenge: step.challenge, method: 'PASSKEY', code });
    expect(accessToken).toEqual(expect.any(String));
  });

  it('lie in the database so that nobody can tell them', async () => {
    const ada = await identity.signedIn();
    const { secret, codes } = await enrolTotp(ada);
    const rows = await identity.harness.sql(
      'SELECT * FROM recovery_codes, totp_factors WHERE recovery_codes.user_id = $1',
      [ada.id],
    );
    const stored = JSON.stringify(rows);
    for (const code of codes) expect(stored).not.toContain(code);
    expect(stored).not.toContain(secret);
  });
});

describe('second factors that were lost', () => {
  const identity = useIdentity();
  const { enrolTotp, enrolPasskey, challenged } = protectedUsers(identity);

  it('are removed by an administrator with a reason, which ends every session and tells the owner', async () => {
    const ada = await identity.signedIn();
    await enrolTotp(ada);
    await enrolPasskey(ada);
    const operator = await identity.signedIn();
    const administrator = identity.harness.asUser(operator.id, ['identity.mfa.reset'], operator.sessionId);

    await administrator.data(factors.resetUserMfa, { userId: ada.id, reason: 'Lost the phone' });

    expect(await identity.isAlive(ada)).toBe(false);
    expect((await challenged(ada.email)).__typename).toBe('AuthPayload');
    expect(await identity.events('platform.mfa.reset', ada.id)).toEqual([
      expect.objectContaining({ actor: operator.id, data: { userId: ada.id, reason: 'Lost the phone' } }),
    ]);
    await identity.mail(ada.email, 'Your second factors were removed');
  });

  it('are removed by nobody who has not shown lately who they are, or gives no reason', async () => {
    const ada = await identity.signedIn();
    const operator = await identity.signedIn();
    const administrator = identity.harness.asUser(operator.id, ['identity.mfa.reset'], operator.sessionId);
    const without = await administrator.error(factors.resetUserMfa, { userId: ada.id, reason: ' ' });
    expect(without.extensions.code).toBe('BAD_USER_INPUT');

    identity.harness.clock.advance(15 * 60_000);
    const late = await administrator.error(factors.resetUserMfa, { userId: ada.id, reason: 'Lost the phone' });
    expect(late.extensions).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED', maxAge: 900, methods: ['PASSWORD'] });
  });
});
