import { apiKeyHash, isApiKeySecret, newApiKeySecret } from '@platform/auth';

describe('the secret of an API key', () => {
  const { secret, prefix } = newApiKeySecret('plt');

  it('begins with the prefix of the installation and a public part, and has 256 random bits', () => {
    expect(secret).toMatch(/^plt_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(prefix).toBe(secret.slice(0, 12));
    expect(new Set(Array.from({ length: 100 }, () => newApiKeySecret('plt').secret)).size).toBe(100);
  });

  it('is known by its form, whatever the prefix', () => {
    expect(isApiKeySecret(secret)).toBe(true);
    expect(isApiKeySecret(newApiKeySecret('acme9').secret)).toBe(true);
  });

  it('is none with one character changed anywhere, cut, or with more behind it', () => {
    for (let at = 0; at < secret.length; at += 1) {
      const other = secret[at] === 'x' ? 'y' : 'x';
      expect(isApiKeySecret(secret.slice(0, at) + other + secret.slice(at + 1))).toBe(false);
    }
    for (const token of [secret.slice(1), secret.slice(0, -1), `${secret}a`, `${secret}.`, `${secret}\n`, '', 'plt_']) {
      expect(isApiKeySecret(token)).toBe(false);
    }
  });

  it('is found by a hash that does not tell it', () => {
    expect(apiKeyHash(secret)).toMatch(/^[0-9a-f]{64}$/);
    expect(apiKeyHash(secret)).toBe(apiKeyHash(secret));
  });
});
