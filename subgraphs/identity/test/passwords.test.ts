import { asSignedIn, PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import { changePassword, lockUser, login, register, requestReset, resetPassword } from './operations.js';

const NEW_PASSWORD = 'a much better password';

describe('resetting a password', () => {
  const identity = useIdentity();
  const requested = async (email: string, count = 1) => {
    await identity.guest().data(requestReset, { email });
    return tokenIn(await identity.mail(email, 'Set a new password', count));
  };
  const reset = (token: string, newPassword = NEW_PASSWORD) => ({ input: { token, newPassword } });

  it('by the mailed link ends every session and lets the new password in', async () => {
    const ada = await identity.signedIn();
    const mailed = await requested(ada.email);

    expect(await identity.guest().data(resetPassword, reset(mailed))).toEqual({ resetPassword: true });

    expect(await identity.isAlive(ada)).toBe(false);
    const old = await identity.guest().error(login, { input: { email: ada.email, password: PASSWORD } });
    expect(old.extensions.code).toBe('INVALID_CREDENTIALS');
    await identity.login(ada.email, NEW_PASSWORD);
    await identity.mail(ada.email, 'was changed');
    expect(await identity.events('platform.user.password_changed', ada.id)).toEqual([
      expect.objectContaining({ actor: ada.id, data: { userId: ada.id, by: 'reset' } }),
    ]);
  });

  it('takes each link once, none after another was used, and within an hour', async () => {
    const { email } = await identity.registered();
    const first = await requested(email);
    const second = await requested(email, 2);
    await identity.guest().data(resetPassword, reset(second));
    const third = await requested(email, 3);
    identity.harness.clock.advance(3_600_001);

    for (const token of [first, second, third, 'unknown']) {
      expect((await identity.guest().error(resetPassword, reset(token))).extensions.code).toBe('INVALID_TOKEN');
    }
  });

  it('keeps the link good when the new password is refused', async () => {
    const { email } = await identity.registered();
    const token = await requested(email);
    const { extensions } = await identity.guest().error(resetPassword, reset(token, 'password'));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.newPassword': expect.any(String) } });
    await identity.guest().data(resetPassword, reset(token));
  });

  it('does not take the link of another purpose', async () => {
    const email = 'purpose@example.com';
    await identity.guest().data(register, { input: { email, password: PASSWORD } });
    const token = tokenIn(await identity.mail(email, 'Verify'));
    expect((await identity.guest().error(resetPassword, reset(token))).extensions.code).toBe('INVALID_TOKEN');
  });

  it('shows that the address is the reader’s', async () => {
    const email = 'unverified@example.com';
    await identity.guest().data(register, { input: { email, password: PASSWORD } });
    await identity.guest().data(resetPassword, reset(await requested(email)));
    await identity.login(email, NEW_PASSWORD);
  });

  it('answers alike for unknown and locked accounts, and mails nothing', async () => {
    const ada = await identity.signedIn();
    await identity.admin().data(lockUser, { id: ada.id, reason: 'spam' });
    for (const email of ['nobody@example.com', 'no address', ada.email]) {
      expect(await identity.guest().data(requestReset, { email })).toEqual({ requestPasswordReset: true });
    }
    expect(await identity.events('platform.user.password_reset_requested', ada.id)).toEqual([]);
  });
});

describe('changing a password', () => {
  const identity = useIdentity();
  const change = (oldPassword: string, newPassword = NEW_PASSWORD) => ({ input: { oldPassword, newPassword } });

  it('ends every session, begins a new one, and tells the owner', async () => {
    const ada = await identity.signedIn();
    const elsewhere = await identity.login(ada.email);

    const answer = await ada.client.data(changePassword, change(PASSWORD));

    const current = asSignedIn(identity.harness, answer.changePassword);
    expect(await Promise.all([ada, elsewhere, current].map((one) => identity.isAlive(one)))).toEqual([
      false,
      false,
      true,
    ]);
    await identity.mail(ada.email, 'was changed');
    await identity.login(ada.email, NEW_PASSWORD);
    expect(await identity.events('platform.user.password_changed', ada.id)).toEqual([
      expect.objectContaining({ actor: ada.id, data: { userId: ada.id, by: 'change' } }),
    ]);
  });

  it('needs the old one, and cannot be used to guess it', async () => {
    const ada = await identity.signedIn();
    for (let count = 0; count < 5; count += 1) {
      const error = await ada.client.error(changePassword, change('not the old one'));
      expect(error.extensions.code).toBe('INVALID_CREDENTIALS');
    }
    expect((await ada.client.error(changePassword, change(PASSWORD))).extensions.code).toBe('RATE_LIMITED');
    expect(await identity.isAlive(ada)).toBe(true);
  });

  it('refuses a bad new one and changes nothing', async () => {
    const ada = await identity.signedIn();
    const { extensions } = await ada.client.error(changePassword, change(PASSWORD, ada.email));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.newPassword': expect.any(String) } });
    await identity.login(ada.email);
  });
});
