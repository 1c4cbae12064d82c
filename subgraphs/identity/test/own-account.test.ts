import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import {
  changePassword,
  deleteAccount,
  login,
  me,
  register,
  updateProfile,
  updateUser,
  verifyEmail,
} from './operations.js';

describe('one’s own account', () => {
  const identity = useIdentity();

  it('takes a new profile and announces what changed', async () => {
    const { id, client, username } = await identity.signedIn({ firstName: 'Ada' });
    const input = { username: 'new.name', firstName: '<b>Ada</b>', lastName: ' Lovelace ', locale: 'pt-br' };

    const { updateProfile: updated } = await client.data(updateProfile, { input });

    expect(updated).toMatchObject({
      username: 'new.name',
      firstName: '<b>Ada</b>',
      lastName: 'Lovelace',
      locale: 'pt-BR',
      displayName: '<b>Ada</b> Lovelace',
    });
    const events = await identity.events('platform.user.updated', id);
    expect(events).toEqual([
      expect.objectContaining({
        actor: id,
        data: { userId: id, fields: ['username', 'firstName', 'lastName', 'locale'] },
      }),
    ]);
    await identity.registered({ username });
  });

  it('keeps what is left out, clears what is null, and changes nothing for nothing', async () => {
    const { id, client } = await identity.signedIn({ firstName: 'Ada', lastName: 'Lovelace' });
    await client.data(updateProfile, { input: { firstName: null } });
    await client.data(updateProfile, { input: {} });
    expect((await client.data(me)).me).toMatchObject({
      firstName: null,
      lastName: 'Lovelace',
      displayName: 'Lovelace',
    });
    expect(await identity.events('platform.user.updated', id)).toHaveLength(1);
  });

  it('refuses a taken username and bad input', async () => {
    const { username } = await identity.signedIn();
    const { client } = await identity.signedIn();
    const conflict = await client.error(updateProfile, { input: { username: username.toUpperCase() } });
    expect(conflict.extensions.code).toBe('CONFLICT');
    const { extensions } = await client.error(updateProfile, { input: { username: 'a b', firstName: 'a\nb' } });
    expect(Object.keys(extensions.fields as object)).toEqual(['input.username', 'input.firstName']);
  });

  it('can be deleted with the password, and its address used again', async () => {
    const ada = await identity.signedIn();
    const wrong = await ada.client.error(deleteAccount, { password: 'not the password' });
    expect(wrong.extensions.code).toBe('INVALID_CREDENTIALS');

    expect(await ada.client.data(deleteAccount, { password: PASSWORD })).toEqual({ deleteAccount: true });

    expect(await identity.isAlive(ada)).toBe(false);
    const [deleted] = await identity.events('platform.user.deleted', ada.id);
    expect(deleted?.actor).toBe(ada.id);
    await identity.guest().data(register, { input: { email: ada.email, password: PASSWORD } });
    const pending = await identity.guest().error(login, { input: { email: ada.email, password: PASSWORD } });
    expect(pending.extensions.code).toBe('EMAIL_NOT_VERIFIED');
  });

  it('is nothing that a service or a stranger has', async () => {
    for (const client of [identity.guest(), identity.harness.asService('router')]) {
      const error = await client.error(updateProfile, { input: { firstName: 'x' } });
      expect(error.extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});

describe('checks of one’s own password', () => {
  const identity = useIdentity();

  it('ask for the caller’s, whoever has their address by now', async () => {
    const ada = await identity.signedIn();
    await identity.admin().data(updateUser, { id: ada.id, input: { email: 'moved@example.com' } });
    await identity.guest().data(register, { input: { email: ada.email, password: 'the password of the next one' } });
    await identity.guest().data(verifyEmail, { token: tokenIn(await identity.mail(ada.email, 'Verify', 2)) });
    const next = await identity.login(ada.email, 'the password of the next one');

    const error = await ada.client.error(deleteAccount, { password: 'the password of the next one' });
    expect(error.extensions.code).toBe('INVALID_CREDENTIALS');
    const input = { oldPassword: 'the password of the next one', newPassword: 'a much better password' };
    expect((await ada.client.error(changePassword, { input })).extensions.code).toBe('INVALID_CREDENTIALS');
    expect(await ada.client.data(deleteAccount, { password: PASSWORD })).toEqual({ deleteAccount: true });
    expect(await identity.isAlive(next)).toBe(true);
  });
});
