import { randomUUID } from 'node:crypto';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import { login } from './operations.js';

describe('guessing passwords', () => {
  const identity = useIdentity({
    set: [
      'identity.loginThrottle.perAccount.freeAttempts=3',
      'identity.loginThrottle.perAccount.baseDelay=10s',
      'identity.loginThrottle.perAccount.maxDelay=30s',
      'identity.loginThrottle.perIp.freeAttempts=6',
      'identity.loginThrottle.perIp.baseDelay=60s',
    ],
  });
  const attempt = async (email: string, password: string, ip?: string) => {
    const { errors } = await identity.guest({ ip }).request(login, { input: { email, password } });
    const { code, retryAfter } = errors?.[0]?.extensions ?? {};
    return retryAfter === undefined ? (code ?? 'OK') : [code, retryAfter];
  };

  it('of one account waits longer after each failure, up to a limit, for the right password too', async () => {
    const { email } = await identity.registered();
    for (let count = 0; count < 3; count += 1)
      expect(await attempt(email, 'wrong password')).toBe('INVALID_CREDENTIALS');

    for (const wait of [10, 20, 30, 30]) {
      expect(await attempt(email, PASSWORD)).toEqual(['RATE_LIMITED', wait]);
      identity.harness.clock.advance(wait * 1000);
      expect(await attempt(email, 'wrong password')).toBe('INVALID_CREDENTIALS');
    }
    identity.harness.clock.advance(30_000);
    expect(await attempt(email, PASSWORD)).toBe('OK');
    expect(await attempt(email, 'wrong password')).toBe('INVALID_CREDENTIALS');
    expect(await attempt(email, PASSWORD)).toBe('OK');
  });

  it('of an unknown account waits alike', async () => {
    const email = 'unknown@example.com';
    for (let count = 0; count < 3; count += 1)
      expect(await attempt(email, 'wrong password')).toBe('INVALID_CREDENTIALS');
    expect(await attempt(email.toUpperCase(), 'wrong password')).toEqual(['RATE_LIMITED', 10]);
  });

  it('gets no further by trying many at once, in one request or in several', async () => {
    const { email } = await identity.registered();
    const aliases = Array.from(
      { length: 10 },
      (_, index) => `a${index}: login(input: { email: "${email}", password: "wrong password" }) { __typename }`,
    );
    const [first, second] = await Promise.all(
      [1, 2].map(() => identity.guest().request(`mutation { ${aliases.join('\n')} }`)),
    );
    const codes = [...(first?.errors ?? []), ...(second?.errors ?? [])].map(({ extensions }) => extensions?.code);
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS').length).toBeLessThanOrEqual(3);

    const tries = await Promise.all(Array.from({ length: 20 }, () => attempt('burst@example.com', 'wrong password')));
    expect(tries.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(3);
  });

  it.each([
    ['one IPv4 address', ['192.0.2.7', '192.0.2.7'], '192.0.2.8'],
    ['one IPv6 /64', ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2'], '2001:db8:1:3::1'],
  ])('of many accounts from %s waits, but not from elsewhere', async (_what, ips, elsewhere) => {
    for (let count = 0; count < 6; count += 1) {
      expect(await attempt(`${randomUUID()}@example.com`, 'wrong password', ips[count % 2])).toBe(
        'INVALID_CREDENTIALS',
      );
    }
    expect(await attempt(`${randomUUID()}@example.com`, 'wrong password', ips[0])).toEqual(['RATE_LIMITED', 60]);
    expect(await attempt(`${randomUUID()}@example.com`, 'wrong password', elsewhere)).toBe('INVALID_CREDENTIALS');
  });

  it('does not count the logins of many people behind one address', async () => {
    const emails = await Promise.all(Array.from({ length: 8 }, async () => (await identity.registered()).email));
    for (const email of emails) expect(await attempt(email, PASSWORD, '198.51.100.1')).toBe('OK');
  });

  it('by strangers does not keep out an owner who signs in from where they did before', async () => {
    const { email } = await identity.registered();
    expect(await attempt(email, PASSWORD, '203.0.113.1')).toBe('OK');

    for (let count = 0; count < 4; count += 1) await attempt(email, 'wrong password', '203.0.113.66');
    expect(await attempt(email, PASSWORD, '203.0.113.99')).toEqual(['RATE_LIMITED', 10]);
    expect(await attempt(email, PASSWORD, '203.0.113.1')).toBe('OK');
  });
});
