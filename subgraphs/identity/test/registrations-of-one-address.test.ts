import { randomUUID } from 'node:crypto';
import { eventually } from '@platform/testkit';
import { tokenIn, useIdentity } from './identity-under-test.js';
import {
  createUser,
  lockUser,
  login,
  me,
  register,
  requestReset,
  resend,
  resetPassword,
  unlockUser,
  updateUser,
  verifyEmail,
} from './operations.js';

const OWNER = {
  password: 'the password of the owner',
  username: null as string | null,
  firstName: 'Ada',
  lastName: 'L',
};
const STRANGER = { password: 'the password of a stranger', username: null, firstName: 'Mallory', lastName: 'M' };

describe('registrations of one address', () => {
  const identity = useIdentity();
  const newAddress = () => `${randomUUID()}@example.com`;
  const newName = () => `name-${randomUUID().slice(0, 12)}`;
  const registered = async (email: string, input: object, count: number) => {
    await identity.guest().data(register, { input: { email, ...input } });
    return tokenIn(await identity.mail(email, 'Verify', count));
  };
  const codeOf = async (operation: string, variables: Record<string, unknown>) =>
    (await identity.guest().error(operation, variables)).extensions.code;

  it.each([
    ['the first', 0],
    ['the second', 1],
  ])('become what the one says whose link is followed, here %s', async (_which, index) => {
    const email = newAddress();
    const inputs = [
      { ...OWNER, username: newName(), locale: 'de' },
      { ...STRANGER, username: newName(), locale: 'fr' },
    ];
    const links = [await registered(email, inputs[0] as object, 1), await registered(email, inputs[1] as object, 2)];

    await identity.guest().data(verifyEmail, { token: links[index] });

    const [confirmed, other] = index === 0 ? inputs : [...inputs].reverse();
    expect(await codeOf(login, { input: { email, password: other?.password } })).toBe('INVALID_CREDENTIALS');
    const { client } = await identity.login(email, confirmed?.password);
    const { password: _, ...names } = confirmed as (typeof inputs)[number];
    expect((await client.data(me)).me).toMatchObject({ ...names, emailVerified: true });
    for (const token of links) expect(await codeOf(verifyEmail, { token })).toBe('INVALID_TOKEN');
    await identity.login(email, confirmed?.password);
  });

  it('are confirmed by no link that is mailed again: its reader chooses a password', async () => {
    const email = newAddress();
    for (const count of [1, 2, 3, 4, 5]) await registered(email, { ...STRANGER, username: newName() }, count);

    await identity.guest().data(resend, { email });

    const token = tokenIn(await identity.mail(email, 'Verify', 6));
    expect(await codeOf(verifyEmail, { token })).toBe('INVALID_TOKEN');
    await identity.guest().data(resetPassword, { input: { token, newPassword: OWNER.password } });
    expect(await codeOf(login, { input: { email, password: STRANGER.password } })).toBe('INVALID_CREDENTIALS');
    const { client, username } = await identity.login(email, OWNER.password);
    expect((await client.data(me)).me).toMatchObject({ firstName: null, lastName: null, emailVerified: true });
    expect(username).toMatch(/^user-/);
  });

  it('lend neither names nor passwords to an account whose address was shown otherwise', async () => {
    const email = newAddress();
    await registered(email, { ...STRANGER, username: newName() }, 1);
    const link = await registered(email, { ...STRANGER, username: newName() }, 2);
    await identity.guest().data(requestReset, { email });
    const token = tokenIn(await identity.mail(email, 'Set a new password'));

    await identity.guest().data(resetPassword, { input: { token, newPassword: OWNER.password } });

    const { client } = await identity.login(email, OWNER.password);
    expect((await client.data(me)).me).toMatchObject({
      username: expect.stringMatching(/^user-/),
      firstName: null,
      lastName: null,
    });
    expect(await codeOf(verifyEmail, { token: link })).toBe('INVALID_TOKEN');
    expect(await codeOf(login, { input: { email, password: STRANGER.password } })).toBe('INVALID_CREDENTIALS');
  });

  it.each([
    ['whose address is vouched for', (email: string) => ({ email, emailVerified: true })],
    ['which gets another address', () => ({ email: newAddress() })],
    ['which gets another address that is vouched for', () => ({ email: newAddress(), emailVerified: true })],
  ])('lend no password to an account %s: its owner chooses one', async (_which, changed) => {
    const registeredAs = newAddress();
    const link = await registered(registeredAs, STRANGER, 1);
    const [{ id }] = await identity.harness.sql('SELECT id FROM users WHERE email = $1', [registeredAs]);
    const input = changed(registeredAs);
    await identity.admin().data(updateUser, { id, input });

    for (const email of [registeredAs, input.email]) {
      expect(await codeOf(login, { input: { email, password: STRANGER.password } })).toBe('INVALID_CREDENTIALS');
    }
    expect(await codeOf(verifyEmail, { token: link })).toBe('INVALID_TOKEN');
    const isChoice = ({ to, text }: { to: string; text: string }) =>
      to === input.email && text.includes('reset-password');
    const mail = await eventually(() => {
      const found = identity.harness.mailer.sent.find(isChoice);
      if (!found) throw new Error(`no link to choose a password was sent to ${input.email}`);
      return found;
    });
    await identity.guest().data(resetPassword, { input: { token: tokenIn(mail), newPassword: OWNER.password } });
    const { client } = await identity.login(input.email, OWNER.password);
    expect((await client.data(me)).me).toMatchObject({ id, firstName: null, emailVerified: true });
  });

  it('lend no password to an account that was locked when its address was vouched for', async () => {
    const email = newAddress();
    await registered(email, STRANGER, 1);
    const [{ id }] = await identity.harness.sql('SELECT id FROM users WHERE email = $1', [email]);
    await identity.admin().data(lockUser, { id, reason: 'spam' });
    await identity.admin().data(updateUser, { id, input: { emailVerified: true } });
    await identity.admin().data(unlockUser, { id });
    expect(await codeOf(login, { input: { email, password: STRANGER.password } })).toBe('INVALID_CREDENTIALS');
  });

  it('tell by no username whether their address has an account', async () => {
    const { email: known } = await identity.registered();
    for (const address of [known, newAddress()]) {
      const username = newName();
      for (const email of [address, newAddress()]) {
        const input = { email, ...STRANGER, username };
        expect(await identity.guest().data(register, { input })).toEqual({ register: { accepted: true } });
      }
    }
  });

  it('leave a username to whoever confirms it first', async () => {
    const username = newName();
    const emails = [newAddress(), newAddress()];
    const links = [];
    for (const email of emails) links.push(await registered(email, { ...OWNER, username }, 1));
    for (const token of links) await identity.guest().data(verifyEmail, { token });
    expect((await identity.login(emails[0] as string, OWNER.password)).username).toBe(username);
    expect((await identity.login(emails[1] as string, OWNER.password)).username).toMatch(/^user-/);

    const email = newAddress();
    const another = newName();
    const token = await registered(email, { ...OWNER, username: another }, 1);
    await identity.admin().data(createUser, { input: { email: newAddress(), username: another } });
    await identity.guest().data(verifyEmail, { token });
    expect((await identity.login(email, OWNER.password)).username).toMatch(/^user-/);
  });

  it('put no word of whoever registers into a mail', async () => {
    const email = newAddress();
    const firstName = 'Your account was hacked';
    await registered(email, { ...STRANGER, firstName }, 1);
    await identity.guest().data(requestReset, { email });
    await identity.mail(email, 'Set a new password');
    const mails = identity.harness.mailer.sent.filter(({ to }) => to === email);
    expect(mails).toHaveLength(2);
    for (const { subject, text, html } of mails) {
      expect([subject, text, html].join()).not.toMatch(/hacked|Mallory/);
    }
  });
});

describe('mails that anybody can ask for', () => {
  const identity = useIdentity({ set: ['identity.mailBudget.perNetwork=3', 'identity.mailBudget.perRecipient=6'] });
  const sentTo = (email: string, subject: string) =>
    identity.harness.mailer.sent.filter((mail) => mail.to === email && mail.subject.includes(subject));

  it('do not end the links that their recipient waits for', async () => {
    const email = `${randomUUID()}@example.com`;
    await identity.admin().data(createUser, { input: { email } });
    const invitation = tokenIn(await identity.mail(email, 'Your account'));
    await identity.guest().data(requestReset, { email });
    const own = tokenIn(await identity.mail(email, 'Set a new password', 1));
    await identity.guest({ ip: '203.0.113.9' }).data(requestReset, { email });
    await identity.mail(email, 'Set a new password', 2);

    const weak = await identity.guest().error(resetPassword, { input: { token: own, newPassword: 'password' } });
    expect(weak.extensions.code).toBe('BAD_USER_INPUT');
    await identity
      .guest()
      .data(resetPassword, { input: { token: invitation, newPassword: 'the password of the owner' } });
    await identity.login(email, 'the password of the owner');
  });

  it('are bounded for each recipient, from one network and from many', async () => {
    const { email } = await identity.registered();
    for (let count = 0; count < 5; count += 1) {
      await identity.guest({ ip: '203.0.113.1' }).data(requestReset, { email });
    }
    for (let network = 2; network < 10; network += 1) {
      await identity.guest({ ip: `203.0.113.${network}` }).data(requestReset, { email });
    }
    await identity.mail(email, 'Set a new password', 6);
    const requests = await identity.harness.sql(
      `SELECT FROM outbox, users WHERE type = 'platform.user.password_reset_requested' AND subject = id::text AND email = $1`,
      [email],
    );
    expect(requests).toHaveLength(6);
  });

  it('still reach an owner who asks from a network that they have signed in from', async () => {
    const { email } = await identity.registered();
    await identity.login(email, undefined, identity.guest({ ip: '198.51.100.7' }));
    for (let network = 20; network < 30; network += 1) {
      await identity.guest({ ip: `203.0.113.${network}` }).data(requestReset, { email });
    }
    await identity.mail(email, 'Set a new password', 6);
    await identity.guest({ ip: '198.51.100.7' }).data(requestReset, { email });
    await identity.mail(email, 'Set a new password', 7);
  });

  it('still reach an owner who is signed in, wherever they ask from', async () => {
    const { id, email, sessionId } = await identity.signedIn();
    for (let network = 60; network < 70; network += 1) {
      await identity.guest({ ip: `203.0.113.${network}` }).data(requestReset, { email });
    }
    await identity.mail(email, 'Set a new password', 6);
    const owner = identity.harness.asUser(id, [], sessionId);
    for (let count = 0; count < 5; count += 1) await owner.data(requestReset, { email });
    await identity.mail(email, 'Set a new password', 9);
    const stranger = identity.harness.asUser(randomUUID());
    await stranger.data(requestReset, { email });
    const requests = await identity.harness.sql(
      `SELECT FROM outbox, users WHERE type = 'platform.user.password_reset_requested' AND subject = id::text AND email = $1`,
      [email],
    );
    expect(requests).toHaveLength(9);
  });

  it('are bounded as ever for who knows the password of a registration and has never signed in', async () => {
    const email = `${randomUUID()}@example.com`;
    const input = { email, password: 'the password of a stranger' };
    await identity.guest().data(register, { input });
    for (let network = 40; network < 50; network += 1) {
      const stranger = identity.guest({ ip: `203.0.113.${network}` });
      expect((await stranger.error(login, { input })).extensions.code).toBe('EMAIL_NOT_VERIFIED');
      await stranger.data(requestReset, { email });
    }
    const requests = await identity.harness.sql(
      `SELECT FROM outbox, users WHERE type = 'platform.user.password_reset_requested' AND subject = id::text AND email = $1`,
      [email],
    );
    expect(requests).toHaveLength(6);
  });

  it('are bounded for registrations and verification links too, which answer as ever', async () => {
    const email = `${randomUUID()}@example.com`;
    for (let count = 0; count < 6; count += 1) {
      const input = { email, password: 'the password of a stranger' };
      expect(await identity.guest().data(register, { input })).toEqual({ register: { accepted: true } });
    }
    await identity.mail(email, 'Verify', 3);
    for (let count = 0; count < 6; count += 1) await identity.guest().data(resend, { email });
    await identity.mail(email, 'Verify', 6);
    const requests = await identity.harness.sql(
      `SELECT FROM outbox, users WHERE type = 'platform.user.verification_requested' AND subject = id::text AND email = $1`,
      [email],
    );
    expect(requests).toHaveLength(6);
    expect(sentTo(email, 'Verify').length).toBeLessThanOrEqual(6);
  });
});
