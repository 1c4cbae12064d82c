import { randomUUID } from 'node:crypto';
import { eventually, runSetting } from '@platform/testkit';
import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import * as operations from './operations.js';

/** How often each race is run. */
const ROUNDS = runSetting('RACE_ROUNDS', 15);

describe('at the same time', () => {
  const identity = useIdentity({
    set: ['identity.mailBudget.perNetwork=100000', 'identity.mailBudget.perRecipient=100000'],
  });
  const rounds = async (round: () => Promise<void>) => {
    for (let count = 0; count < ROUNDS; count += 1) await round();
  };
  const newAddress = () => `${randomUUID()}@example.com`;
  const settled = async () =>
    eventually(async () => {
      const [row] = await identity.harness.sql(
        'SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) + (SELECT count(*) FROM mail_queue) AS due',
      );
      expect(row.due).toBe('0');
    });
  /** Runs them all at once; answers what failed, by code. */
  const allOf = async (requests: [string, Record<string, unknown>, 'admin' | 'guest'][]) => {
    const answers = await Promise.all(
      requests.map(([operation, variables, as]) => identity[as]().request(operation, variables)),
    );
    return answers.map(({ errors }) => errors?.[0]?.extensions?.code ?? 'OK');
  };
  const linksTo = (email: string) =>
    identity.harness.mailer.sent.filter(({ to, links }) => to === email && links?.length).map(tokenIn);

  it(
    'a link that is asked for and a change of the address leave no link to the old address that works',
    () =>
      rounds(async () => {
        const { id, email } = await identity.signedIn();
        const next = newAddress();
        const sentBefore = linksTo(email).length;
        const codes = await allOf([
          [operations.requestReset, { email }, 'guest'],
          [operations.updateUser, { id, input: { email: next } }, 'admin'],
          [operations.requestReset, { email }, 'guest'],
        ]);
        expect(codes).toEqual(['OK', 'OK', 'OK']);
        await settled();
        for (const token of linksTo(email).slice(sentBefore)) {
          const input = { token, newPassword: 'the password of a stranger' };
          const error = await identity.guest().error(operations.resetPassword, { input });
          expect(error.extensions.code).toBe('INVALID_TOKEN');
        }
        await identity.guest().data(operations.verifyEmail, { token: tokenIn(await identity.mail(next, 'Verify')) });
        expect((await identity.login(next)).id).toBe(id);
      }),
    600_000 + ROUNDS * 10_000,
  );

  it(
    'an administrator who makes an account of an address that somebody registers for the first time makes it',
    () =>
      rounds(async () => {
        const email = newAddress();
        const codes = await allOf([
          [operations.register, { input: { email, password: PASSWORD } }, 'guest'],
          [operations.createUser, { input: { email } }, 'admin'],
        ]);
        expect(codes).toEqual(['OK', 'OK']);
      }),
    600_000 + ROUNDS * 10_000,
  );

  it(
    'two registrations of one address make one account, of the link that was followed first',
    () =>
      rounds(async () => {
        const email = newAddress();
        const passwords = ['the first password', 'the second password'];
        const registrations = await allOf(
          passwords.map((password) => [operations.register, { input: { email, password } }, 'guest']),
        );
        expect(registrations).toEqual(['OK', 'OK']);
        await identity.mail(email, 'Verify', 2);

        const followed = await allOf(linksTo(email).map((token) => [operations.verifyEmail, { token }, 'guest']));

        expect(followed.sort()).toEqual(['INVALID_TOKEN', 'OK']);
        const logins = await allOf(
          passwords.map((password) => [operations.login, { input: { email, password } }, 'guest']),
        );
        expect(logins.sort()).toEqual(['INVALID_CREDENTIALS', 'OK']);
      }),
    600_000 + ROUNDS * 10_000,
  );

  it(
    'everything that changes one account waits for its turn and deadlocks nowhere',
    () =>
      rounds(async () => {
        const { id, email, client } = await identity.signedIn();
        await identity.guest().data(operations.requestReset, { email });
        await identity.login(email);
        const token = tokenIn(await identity.mail(email, 'Set a new password'));
        const [codes] = await Promise.all([
          allOf([
            [operations.updateUser, { id, input: { email: newAddress(), firstName: 'x' } }, 'admin'],
            [operations.requestReset, { email }, 'guest'],
            [operations.resetPassword, { input: { token, newPassword: 'a much better password' } }, 'guest'],
            [operations.lockUser, { id, reason: 'spam' }, 'admin'],
            [operations.revokeUserSessions, { userId: id }, 'admin'],
            [operations.login, { input: { email, password: PASSWORD } }, 'guest'],
            [operations.deleteUser, { id }, 'admin'],
          ]),
          client.request(operations.revokeOtherSessions),
        ]);
        expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
        expect(codes.at(-1)).toBe('OK');
        await settled();
        for (const table of ['sessions', 'credentials', 'one_time_tokens', 'registrations']) {
          expect(await identity.harness.sql(`SELECT FROM ${table} WHERE user_id = $1`, [id])).toEqual([]);
        }
      }),
    600_000 + ROUNDS * 10_000,
  );
});
