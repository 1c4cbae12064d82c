import { randomUUID } from 'node:crypto';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import { changePassword, login, register } from './operations.js';

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

  it('of one account waits no longer than the limit when the clock is set back by an hour', async () => {
    const { email } = await identity.registered();
    for (let count = 0; count < 3; count += 1) await attempt(email, 'wrong password');
    expect(await attempt(email, PASSWORD)).toEqual(['RATE_LIMITED', 10]);

    identity.harness.clock.advance(-3_600_000);
    expect(await attempt(email, PASSWORD)).toEqual(['RATE_LIMITED', 30]);
    identity.harness.clock.advance(30_000);
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

  it('by strangers on the network of an owner does not make the owner wait there', async () => {
    const { email } = await identity.registered();
    expect(await attempt(email, PASSWORD, '203.0.113.21')).toBe('OK');

    for (let count = 0; count < 6; count += 1) {
      await attempt(`${randomUUID()}@example.com`, 'wrong password', '203.0.113.21');
    }
    expect(await attempt(`${randomUUID()}@example.com`, PASSWORD, '203.0.113.21')).toEqual(['RATE_LIMITED', 60]);
    expect(await attempt(email, PASSWORD, '203.0.113.21')).toBe('OK');
    for (let count = 0; count < 3; count += 1) await attempt(email, 'wrong password', '203.0.113.21');
    expect(await attempt(email, PASSWORD, '203.0.113.21')).toEqual(['RATE_LIMITED', 10]);
  });

  it('counts alike wherever nobody has signed in, whatever password was right there', async () => {
    const email = `${randomUUID()}@example.com`;
    await identity.guest().data(register, { input: { email, password: PASSWORD } });
    expect(await attempt(email, PASSWORD, '203.0.113.31')).toBe('EMAIL_NOT_VERIFIED');

    for (let count = 0; count < 3; count += 1) await attempt(email, 'wrong password', '203.0.113.32');
    expect(await attempt(email, PASSWORD, '203.0.113.31')).toEqual(['RATE_LIMITED', 10]);
  });

  it('counts alike where somebody signed in who has an old password', async () => {
    const ada = await identity.signedIn();
    expect(await attempt(ada.email, PASSWORD, '203.0.113.41')).toBe('OK');
    const passwords = { oldPassword: PASSWORD, newPassword: 'a password of the owner' };
    await ada.client.data(changePassword, { input: passwords });

    for (let count = 0; count < 3; count += 1) await attempt(ada.email, PASSWORD, '203.0.113.42');
    expect(await attempt(ada.email, PASSWORD, '203.0.113.41')).toEqual(['RATE_LIMITED', 10]);
  });
});

describe('guessing passwords everywhere', () => {
  const identity = useIdentity({
    set: ['identity.loginThrottle.global.freeAttempts=20', 'identity.loginThrottle.perIp.freeAttempts=8'],
  });
  let networks = 0;
  const newNetwork = () => {
    networks += 1;
    return `10.${networks >> 8}.${networks & 255}.1`;
  };
  const attempt = async (email: string, password: string, ip: string) => {
    const { errors } = await identity.guest({ ip }).request(login, { input: { email, password } });
    return errors?.[0]?.extensions?.code ?? 'OK';
  };
  const fail = (ip: string) => attempt(`${randomUUID()}@example.com`, 'wrong password', ip);
  const accounts: string[] = [];
  beforeAll(async () => {
    for (let count = 0; count < 3; count += 1) accounts.push((await identity.registered()).email);
    for (let count = 0; count < 25; count += 1) expect(await fail(newNetwork())).toBe('INVALID_CREDENTIALS');
  });

  it('keeps nobody out who has the right password, also on a network that is new to them', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [right, wrong] = await Promise.all([
        attempt(accounts[round % 3] as string, PASSWORD, newNetwork()),
        fail(newNetwork()),
      ]);
      expect([right, wrong]).toEqual(['OK', 'INVALID_CREDENTIALS']);
    }
  });

  it('is left fewer attempts per network than before', async () => {
    const network = newNetwork();
    const codes = [];
    for (let count = 0; count < 4; count += 1) codes.push(await fail(network));
    expect(codes).toEqual(['INVALID_CREDENTIALS', 'INVALID_CREDENTIALS', 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(await attempt(accounts[0] as string, PASSWORD, newNetwork())).toBe('OK');
  });
});

describe('a flood of passwords', () => {
  const identity = useIdentity({ set: ['identity.argon2.concurrency=1', 'identity.argon2.queueLimit=6'] });

  it('from one network leaves others their turn', async () => {
    const { email } = await identity.registered();
    const attempt = async (address: string, ip: string) => {
      const input = { email: address, password: PASSWORD };
      const { errors } = await identity.guest({ ip }).request(login, { input });
      return errors?.[0]?.extensions?.code ?? 'OK';
    };
    const flood = Array.from({ length: 18 }, () => attempt(`${randomUUID()}@example.com`, '203.0.113.1'));
    const others = ['198.51.100.1', '198.51.100.2'].map((ip) => attempt(email, ip));

    expect(await Promise.all(flood)).toContain('SERVICE_BUSY');
    expect(await Promise.all(others)).toEqual(['OK', 'OK']);
  });
});
