import { randomUUID } from 'node:crypto';
import { eventually } from '@platform/testkit';
import { PASSWORD, type SignedIn, tokenIn, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';
import { protectedUsers } from './protected-users.js';

const DAY = 24 * 60 * 60 * 1000;
const CONFIRM = 'Confirm your new e-mail address';
const CHANGED = 'was changed';
const NEXT_PASSWORD = 'a much better password';

describe('a change of one’s own address', () => {
  const identity = useIdentity({ set: ['identity.mailBudget.perNetwork=100000'] });
  const newAddress = () => `${randomUUID()}@example.com`;
  const guest = () => identity.guest();
  const request = (user: SignedIn, newEmail: string, password = PASSWORD) =>
    user.client.data(operations.requestEmailChange, { input: { newEmail, password } });
  const confirm = (token: string) => guest().request(operations.confirmEmailChange, { token });
  const revert = (token: string) => guest().request(operations.revertEmailChange, { token });
  const codeOf = async (answer: Promise<{ errors?: readonly { extensions?: { code?: unknown } }[] }>) =>
    (await answer).errors?.[0]?.extensions?.code ?? 'OK';
  const confirmationOf = async (address: string, count = 1) => tokenIn(await identity.mail(address, CONFIRM, count));
  const reversionOf = async (address: string, count = 1) => tokenIn(await identity.mail(address, CHANGED, count));
  const mailsTo = (address: string) => identity.harness.mailer.sent.filter(({ to }) => to === address);
  const emailOf = async (id: string) =>
    (await identity.admin().data(operations.user, { id })).user?.email as string | null | undefined;
  /** Registers the address and verifies it, by the newest of so many mails. */
  async function registeredAs(email: string, count = 1): Promise<void> {
    await guest().data(operations.register, { input: { email, password: PASSWORD } });
    await guest().data(operations.verifyEmail, { token: tokenIn(await identity.mail(email, 'Verify', count)) });
  }
  /** Asks for the change and confirms it. */
  async function changed(user: SignedIn, newEmail = newAddress(), password = PASSWORD): Promise<string> {
    await request(user, newEmail, password);
    expect(await codeOf(confirm(await confirmationOf(newEmail)))).toBe('OK');
    return newEmail;
  }

  describe('by its owner', () => {
    it('waits for the new address to confirm, tells the old one, and keeps the session', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();

      expect(await request(ada, next.toUpperCase())).toEqual({ requestEmailChange: true });

      expect((await ada.client.data(operations.pendingEmail)).me).toMatchObject({
        email: ada.email,
        pendingEmail: next,
      });
      expect((await identity.mail(ada.email, 'was asked for')).text).toContain(next);
      const mail = await identity.mail(next, CONFIRM);
      expect(mail.links?.[0]).toMatch(/\/confirm-email-change\?token=[\w-]{43}$/);
      expect(mail.text).not.toContain(ada.username);
      expect(await confirm(tokenIn(mail))).toEqual({ data: { confirmEmailChange: true } });
      expect((await ada.client.data(operations.pendingEmail)).me).toMatchObject({ email: next, pendingEmail: null });
      expect(await identity.isAlive(ada)).toBe(true);
      const back = await identity.mail(ada.email, CHANGED);
      expect(back.links?.[0]).toMatch(/\/revert-email-change\?token=[\w-]{43}$/);
      expect((await identity.login(next)).id).toBe(ada.id);
      const old = await guest().error(operations.login, { input: { email: ada.email, password: PASSWORD } });
      expect(old.extensions.code).toBe('INVALID_CREDENTIALS');
      for (const type of ['email_change_requested', 'email_changed']) {
        const [event] = await identity.events(`platform.user.${type}`, ada.id);
        expect(event).toMatchObject({ actor: ada.id, data: { userId: ada.id } });
        expect(JSON.stringify(event)).not.toContain('@');
      }
    });

    it('is known to its owner alone', async () => {
      const ada = await identity.signedIn();
      await request(ada, newAddress());
      const query = 'query ($id: ID!) { user(id: $id) { email pendingEmail } }';
      expect((await identity.admin().data(query, { id: ada.id })).user).toEqual({
        email: ada.email,
        pendingEmail: null,
      });
      const anonymous = await guest().error(operations.requestEmailChange, {
        input: { newEmail: newAddress(), password: PASSWORD },
      });
      expect(anonymous.extensions.code).toBe('UNAUTHENTICATED');
    });

    it('takes the password, counts guesses with the logins, and takes no address that is none', async () => {
      const ada = await identity.signedIn();
      const wrong = (input: Record<string, unknown>) =>
        codeOf(ada.client.request(operations.requestEmailChange, { input: { password: PASSWORD, ...input } }));
      expect(await wrong({ newEmail: newAddress(), password: '' })).toBe('INVALID_CREDENTIALS');
      expect(await wrong({ newEmail: 'no address' })).toBe('BAD_USER_INPUT');
      expect(await wrong({ newEmail: ada.email.toUpperCase() })).toBe('BAD_USER_INPUT');
      const bob = await identity.signedIn();
      const guesses: unknown[] = [];
      for (let guess = 0; guess < 7; guess += 1) {
        const input = { newEmail: newAddress(), password: 'a guess' };
        guesses.push(await codeOf(bob.client.request(operations.requestEmailChange, { input })));
      }
      expect(guesses.at(-1)).toBe('RATE_LIMITED');
      expect(await codeOf(guest().request(operations.login, { input: { email: bob.email, password: PASSWORD } }))).toBe(
        'RATE_LIMITED',
      );
    });

    it('takes a recent authentication of an account that has no password, and of no other', async () => {
      const [ada, bob] = [await identity.signedIn(), await identity.signedIn()];
      await identity.harness.sql('DELETE FROM credentials WHERE user_id = $1', [ada.id]);
      const ask = (user: SignedIn, password: string) =>
        user.client.request(operations.requestEmailChange, { input: { newEmail: newAddress(), password } });
      expect(await codeOf(ask(bob, ''))).toBe('INVALID_CREDENTIALS');
      expect(await codeOf(ask(ada, PASSWORD))).toBe('INVALID_CREDENTIALS');
      expect(await codeOf(ask(ada, ''))).toBe('OK');
      identity.harness.clock.advance(15 * 60 * 1000);
      expect(await codeOf(ask(ada, ''))).toBe('REAUTHENTICATION_REQUIRED');
    });

    it('knows each address in one spelling', async () => {
      const ada = await identity.signedIn();
      const local = randomUUID();
      await request(ada, `${local}@BÜCHER.example`);
      expect((await ada.client.data(operations.pendingEmail)).me.pendingEmail).toBe(`${local}@bücher.example`);
      await confirm(await confirmationOf(`${local}@bücher.example`));
      expect((await identity.login(`${local}@xn--bcher-kva.example`)).id).toBe(ada.id);
    });

    it('that is asked for again takes the place of the one before', async () => {
      const ada = await identity.signedIn();
      const [first, second] = [newAddress(), newAddress()];
      await request(ada, first);
      const token = await confirmationOf(first);
      await request(ada, second);
      expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
      expect(await codeOf(confirm(await confirmationOf(second)))).toBe('OK');
      expect(await codeOf(confirm(await confirmationOf(second)))).toBe('INVALID_TOKEN');
    });

    it('is confirmed within a day or not at all', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();
      await request(ada, next);
      const token = await confirmationOf(next);
      identity.harness.clock.advance(DAY);
      expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
      expect(await emailOf(ada.id)).toBe(ada.email);
    });

    it('is carried out once under an idempotency key', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();
      await request(ada, next);
      const token = await confirmationOf(next);
      const { caller } = guest();
      const client = identity.harness.as(caller, { 'idempotency-key': randomUUID(), 'x-client-ip': '192.0.2.1' });
      for (const _ of [1, 2])
        expect(await client.data(operations.confirmEmailChange, { token })).toEqual({ confirmEmailChange: true });
      expect(await identity.events('platform.user.email_changed', ada.id)).toHaveLength(1);
    });
  });

  describe('to an address of somebody else', () => {
    it('answers as any other, and tells the owner of the address alone', async () => {
      const [ada, bob] = [await identity.signedIn(), await identity.signedIn()];
      expect(await request(ada, bob.email)).toEqual({ requestEmailChange: true });
      expect((await ada.client.data(operations.pendingEmail)).me.pendingEmail).toBe(bob.email);
      await identity.mail(ada.email, 'was asked for');
      const mail = await identity.mail(bob.email, 'This address has an account');
      expect(mail.links ?? []).toEqual([]);
      expect(mail.text).not.toContain(ada.email);
      expect(mailsTo(bob.email).filter(({ subject }) => subject.includes(CONFIRM))).toEqual([]);
    });

    it('is lost to an account that verifies the address first', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();
      await request(ada, next);
      const token = await confirmationOf(next);
      await registeredAs(next);
      expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
      expect(await emailOf(ada.id)).toBe(ada.email);
    });

    it('is not stopped by a registration that nobody has confirmed, whose password is worth nothing', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();
      const input = { email: next, password: 'the password of a squatter' };
      await guest().data(operations.register, { input });
      const verification = tokenIn(await identity.mail(next, 'Verify'));
      await changed(ada, next);
      expect((await identity.login(next)).id).toBe(ada.id);
      expect(await codeOf(guest().request(operations.verifyEmail, { token: verification }))).toBe('INVALID_TOKEN');
      expect(await codeOf(guest().request(operations.login, { input }))).toBe('INVALID_CREDENTIALS');
    });

    it('goes to the first of two accounts that confirm it at the same time', async () => {
      const people = [await identity.signedIn(), await identity.signedIn()];
      const next = newAddress();
      await Promise.all(people.map((person) => request(person, next)));
      await identity.mail(next, CONFIRM, 2);
      const tokens = mailsTo(next).map(tokenIn);
      const codes = await Promise.all(tokens.map((token) => codeOf(confirm(token))));
      expect(codes.sort()).toEqual(['INVALID_TOKEN', 'OK']);
    });
  });

  describe('that ends before it is confirmed', () => {
    const endings: Record<string, (ada: SignedIn) => Promise<unknown>> = {
      'a change of the password': ({ client }) =>
        client.data(operations.changePassword, { input: { oldPassword: PASSWORD, newPassword: NEXT_PASSWORD } }),
      'a reset of the password': async ({ email }) => {
        await guest().data(operations.requestReset, { email });
        const token = tokenIn(await identity.mail(email, 'Set a new password'));
        await guest().data(operations.resetPassword, { input: { token, newPassword: NEXT_PASSWORD } });
      },
      'a lock, also once that is lifted': async ({ id }) => {
        await identity.admin().data(operations.lockUser, { id, reason: 'x' });
        await identity.admin().data(operations.unlockUser, { id });
      },
      'another address by an administrator': ({ id }) =>
        identity.admin().data(operations.updateUser, { id, input: { email: newAddress(), emailVerified: true } }),
      'the end of the account': ({ client }) => client.data(operations.deleteAccount, { password: PASSWORD }),
    };
    it.each(Object.keys(endings))('ends by %s', async (ending) => {
      const ada = await identity.signedIn();
      const next = newAddress();
      await request(ada, next);
      const token = await confirmationOf(next);
      await endings[ending]?.(ada);
      expect(await codeOf(confirm(token))).toBe('INVALID_TOKEN');
    });
  });

  describe('that is taken back', () => {
    it('gives the old address back, ends every session and the password, and mails a link to set a new one', async () => {
      const ada = await identity.signedIn();
      const next = await changed(ada);
      const thief = await identity.login(next);
      expect(await revert(await reversionOf(ada.email))).toEqual({ data: { revertEmailChange: true } });

      expect(await emailOf(ada.id)).toBe(ada.email);
      for (const session of [ada, thief]) expect(await identity.isAlive(session)).toBe(false);
      for (const email of [ada.email, next])
        expect(await codeOf(guest().request(operations.login, { input: { email, password: PASSWORD } }))).toBe(
          'INVALID_CREDENTIALS',
        );
      const token = tokenIn(await identity.mail(ada.email, 'Set a new password'));
      await guest().data(operations.resetPassword, { input: { token, newPassword: NEXT_PASSWORD } });
      expect((await identity.login(ada.email, NEXT_PASSWORD)).id).toBe(ada.id);
      const [event] = await identity.events('platform.user.email_change_reverted', ada.id);
      expect(event).toMatchObject({ actor: ada.id, data: { userId: ada.id } });
    });

    it('takes the passkeys and apps that were added lately, and leaves those that the owner had', async () => {
      const { enrolPasskey, enrolTotp } = protectedUsers(identity);
      const [ada, bob] = [await identity.signedIn(), await identity.signedIn()];
      for (const user of [ada, bob]) {
        await enrolTotp(user);
        await enrolPasskey(user);
      }
      for (const table of ['passkeys', 'totp_factors'])
        await identity.harness.sql(
          `UPDATE ${table} SET created_at = created_at - interval '8 days' WHERE user_id = $1`,
          [bob.id],
        );
      for (const user of [ada, bob]) {
        await changed(user);
        expect(await codeOf(revert(await reversionOf(user.email)))).toBe('OK');
      }
      const ways = async ({ id }: SignedIn) =>
        (
          await identity.harness.sql(
            `SELECT (SELECT count(*)::int FROM passkeys WHERE user_id = $1) AS passkeys,
               (SELECT count(*)::int FROM totp_factors WHERE user_id = $1) AS totp,
               (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1) AS codes`,
            [id],
          )
        )[0];
      expect(await ways(ada)).toEqual({ passkeys: 0, totp: 0, codes: 0 });
      expect(await ways(bob)).toEqual({ passkeys: 1, totp: 1, codes: 10 });
    });

    it('comes back to the address of its link through every later change, and ends the links of those', async () => {
      const ada = await identity.signedIn();
      const second = await changed(ada);
      const third = await changed(ada);
      await request(ada, newAddress());
      const oldest = await reversionOf(ada.email);
      const later = await reversionOf(second);

      expect(await codeOf(revert(oldest))).toBe('OK');

      expect(await emailOf(ada.id)).toBe(ada.email);
      expect(await codeOf(revert(later))).toBe('INVALID_TOKEN');
      expect(await codeOf(revert(oldest))).toBe('INVALID_TOKEN');
      for (const free of [second, third]) await registeredAs(free);
    });

    it('comes back to the oldest also after a later address has taken its own change back', async () => {
      const ada = await identity.signedIn();
      const second = await changed(ada);
      await changed(ada);
      expect(await codeOf(revert(await reversionOf(second)))).toBe('OK');
      expect(await emailOf(ada.id)).toBe(second);
      expect(await codeOf(revert(await reversionOf(ada.email)))).toBe('OK');
      expect(await emailOf(ada.id)).toBe(ada.email);
    });

    it('survives what a thief does to the account: a new password, and a lock', async () => {
      const ada = await identity.signedIn();
      await changed(ada);
      const token = await reversionOf(ada.email);
      await ada.client.data(operations.changePassword, {
        input: { oldPassword: PASSWORD, newPassword: NEXT_PASSWORD },
      });
      await identity.admin().data(operations.lockUser, { id: ada.id, reason: 'stolen' });
      expect(await codeOf(revert(token))).toBe('OK');
      const { user } = await identity.admin().data(operations.user, { id: ada.id });
      expect(user).toMatchObject({ email: ada.email, emailVerified: true, status: 'LOCKED' });
    });

    it('is possible for seven days, and not once the account is gone or an administrator has decided', async () => {
      const [late, gone, decided] = [await identity.signedIn(), await identity.signedIn(), await identity.signedIn()];
      const tokens = [];
      for (const person of [late, gone, decided]) {
        await changed(person);
        tokens.push(await reversionOf(person.email));
      }
      await gone.client.data(operations.deleteAccount, { password: PASSWORD });
      await identity.admin().data(operations.updateUser, { id: decided.id, input: { email: newAddress() } });
      identity.harness.clock.advance(7 * DAY);
      for (const token of tokens) expect(await codeOf(revert(token))).toBe('INVALID_TOKEN');
    });

    it('is no use of a confirmation link, nor the other way round', async () => {
      const ada = await identity.signedIn();
      const next = newAddress();
      await request(ada, next);
      const token = await confirmationOf(next);
      expect(await codeOf(revert(token))).toBe('INVALID_TOKEN');
      await confirm(token);
      expect(await codeOf(confirm(await reversionOf(ada.email)))).toBe('INVALID_TOKEN');
    });
  });

  describe('reserves the old address', () => {
    it('so that nobody else gets it, whichever way, until it cannot be taken back', async () => {
      const [ada, bob, carol] = [await identity.signedIn(), await identity.signedIn(), await identity.signedIn()];
      await changed(ada);
      const reversion = await reversionOf(ada.email);
      const input = { email: ada.email, password: 'the password of a squatter' };
      expect(await guest().data(operations.register, { input })).toEqual({ register: { accepted: true } });
      const told = await identity.mail(ada.email, 'This address is reserved');
      expect(told.links ?? []).toEqual([]);
      expect(await codeOf(identity.admin().request(operations.createUser, { input: { email: ada.email } }))).toBe(
        'CONFLICT',
      );
      const taken = { id: carol.id, input: { email: ada.email, emailVerified: true } };
      expect(await codeOf(identity.admin().request(operations.updateUser, taken))).toBe('CONFLICT');
      await request(bob, ada.email);
      await identity.mail(ada.email, 'This address has an account');
      expect(await codeOf(revert(reversion))).toBe('OK');
      expect(await emailOf(ada.id)).toBe(ada.email);

      const later = await identity.signedIn();
      await changed(later);
      await reversionOf(later.email);
      identity.harness.clock.advance(7 * DAY);
      await registeredAs(later.email, 2);
    });

    it('also from somebody who asks for it in the moment in which it becomes free', async () => {
      for (let round = 0; round < 10; round += 1) {
        const ada = await identity.signedIn();
        const next = newAddress();
        await request(ada, next);
        const token = await confirmationOf(next);
        const [confirmed, , created] = await Promise.all([
          codeOf(confirm(token)),
          guest().data(operations.register, { input: { email: ada.email, password: PASSWORD } }),
          codeOf(identity.admin().request(operations.createUser, { input: { email: ada.email } })),
        ]);
        expect([confirmed, created]).toEqual(['OK', 'CONFLICT']);
        expect(await codeOf(revert(await reversionOf(ada.email)))).toBe('OK');
      }
    });

    it('but not from the account itself', async () => {
      const ada = await identity.signedIn();
      await changed(ada);
      await changed(ada, ada.email);
      expect(await emailOf(ada.id)).toBe(ada.email);
    });
  });

  it('sends a mailbox no more mails than others can ask for', async () => {
    const people = await Promise.all(Array.from({ length: 22 }, () => identity.signedIn()));
    const next = newAddress();
    for (const person of people) await request(person, next);
    await eventually(() => expect(mailsTo(people.at(-1)?.email as string).at(-1)?.subject).toContain('was asked for'));
    expect(mailsTo(next)).toHaveLength(20);
  });
});
