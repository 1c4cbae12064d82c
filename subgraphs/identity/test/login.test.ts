import argon2 from 'argon2';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import { lockUser, login } from './operations.js';

describe('login', () => {
  const identity = useIdentity();

  it('answers alike for an unknown address and a wrong password', async () => {
    const { email } = await identity.registered();
    const attempts = [email, 'nobody@example.com', 'no address', `${'x'.repeat(100_000)}@example.com`].map((address) =>
      identity.guest().error(login, { input: { email: address, password: 'the wrong password' } }),
    );
    const [known, ...unknown] = await Promise.all(attempts);
    expect(known?.extensions).toEqual({ code: 'INVALID_CREDENTIALS' });
    for (const error of unknown) expect(error).toEqual(known);
  });

  it('records a refused login without naming the address', async () => {
    const { id, email } = await identity.signedIn();
    await identity.guest().error(login, { input: { email, password: 'the wrong password' } });
    await identity.guest().error(login, { input: { email: 'who@example.com', password: PASSWORD } });

    const [refused] = await identity.events('platform.user.login_failed', id);
    expect(refused).toMatchObject({ outcome: 'FAILED', data: { userId: id, reason: 'wrong_password' } });
    expect(refused?.actor).toBeUndefined();
    const unknown = (await identity.harness.outbox()).filter(({ data }) => data.reason === 'unknown_account');
    expect(unknown.at(-1)?.data.userId).toBeNull();
    expect(JSON.stringify(unknown)).not.toContain('who@example.com');
  });

  it('tells that an account is locked only after the right password', async () => {
    const { id, email } = await identity.signedIn();
    await identity.admin().data(lockUser, { id, reason: 'spam' });

    const wrong = await identity.guest().error(login, { input: { email, password: 'the wrong password' } });
    const right = await identity.guest().error(login, { input: { email, password: PASSWORD } });
    expect([wrong.extensions.code, right.extensions.code]).toEqual(['INVALID_CREDENTIALS', 'ACCOUNT_LOCKED']);
  });

  it('hashes a password anew when the parameters have risen', async () => {
    const { id, email } = await identity.signedIn();
    const weaker = { memoryCost: 8192, timeCost: 1, parallelism: 1 };
    const old = await argon2.hash(PASSWORD, weaker);
    await identity.harness.sql('UPDATE credentials SET password_hash = $2 WHERE user_id = $1', [id, old]);

    await identity.login(email);

    const [{ hash }] = await identity.harness.sql('SELECT password_hash AS hash FROM credentials WHERE user_id = $1', [
      id,
    ]);
    expect(argon2.needsRehash(hash, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })).toBe(false);
    await identity.login(email);
  });
});

describe('a flood of logins', () => {
  const identity = useIdentity({ set: ['identity.argon2.concurrency=1', 'identity.argon2.queueLimit=1'] });

  it('is refused as busy beyond the queue, and served again afterwards', async () => {
    const { email } = await identity.registered();
    const attempts = Array.from({ length: 6 }, (_, index) =>
      identity.guest().request(login, { input: { email: `flood${index}@example.com`, password: PASSWORD } }),
    );
    const codes = (await Promise.all(attempts)).map(({ errors }) => errors?.[0]?.extensions?.code).sort();
    expect(codes).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', ...Array(4).fill('SERVICE_BUSY')]);
    await identity.login(email);
  });
});
