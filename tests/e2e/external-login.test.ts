import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describeWithRedis, type GraphQLClient } from '@platform/testkit';
import { throughProvider } from '../security/external-identities/browser.js';
import { OpenIdProvider, type Person } from '../security/external-identities/openid-provider.js';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';

/** Where browsers come back to: both platforms are told so, and the test goes to the router's real address. */
const PUBLIC_URL = 'http://localhost:4000';
const CALLBACK = `${PUBLIC_URL}/auth/corp/callback`;

const BEGIN = 'mutation ($input: BeginExternalLoginInput!) { beginExternalLogin(input: $input) { url } }';
const COMPLETE = `mutation ($input: CompleteExternalLoginInput!) {
  completeExternalLogin(input: $input) { ... on AuthPayload { accessToken user { id email emailVerified } } }
}`;
const LINKED = '{ me { id email } externalIdentities { email provider { id displayName kind } } }';

let provider: OpenIdProvider;
beforeAll(async () => {
  provider = await OpenIdProvider.start([CALLBACK]);
});
afterAll(() => provider?.stop());

/** The configuration of a platform that knows the provider. */
const settings = () => ({
  IDENTITY_PROVIDERS: JSON.stringify({ corp: { ...provider.settings('oidc'), displayName: 'Corp' } }),
});

interface Platform {
  readonly anonymous: GraphQLClient;
  /** Of the router. */
  readonly url: string;
}

function journeys(platform: () => Platform): void {
  it('signs somebody in at a provider and back, by addresses that hold no token', async () => {
    const { anonymous, url } = platform();
    const person: Person = { sub: randomUUID(), email: `${randomUUID()}@example.com`, email_verified: true };
    provider.person = person;
    const verifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    const input = { provider: 'corp', codeChallenge, returnTo: '/welcome' };
    const { beginExternalLogin } = await anonymous.data(BEGIN, { input });
    const query = await throughProvider(beginExternalLogin.url, CALLBACK);

    const back = await fetch(`${url}/auth/corp/callback?${query}`, { redirect: 'manual' });

    expect([back.status, back.headers.get('cache-control'), back.headers.get('referrer-policy')]).toEqual([
      302,
      'no-store',
      'no-referrer',
    ]);
    const page = new URL(back.headers.get('location') ?? '');
    expect(`${page.origin}${page.pathname}`).toBe(`${PUBLIC_URL}/auth/complete`);
    expect([...page.searchParams.keys()]).toEqual(['code', 'returnTo']);
    const end = { code: page.searchParams.get('code'), codeVerifier: verifier };
    const { completeExternalLogin } = await anonymous.data(COMPLETE, { input: end });
    expect(completeExternalLogin.user).toMatchObject({ email: person.email, emailVerified: true });
    const signedIn = anonymous.withToken(completeExternalLogin.accessToken);
    expect(await signedIn.data(LINKED)).toEqual({
      me: { id: completeExternalLogin.user.id, email: person.email },
      externalIdentities: [{ email: person.email, provider: { id: 'corp', displayName: 'Corp', kind: 'OIDC' } }],
    });
    expect(await anonymous.codes(COMPLETE, { input: end })).toEqual(['INVALID_TOKEN']);
  });

  it('leads a return that is none to the application, with an error', async () => {
    for (const path of ['corp/callback?state=x&code=y', 'corp/callback', 'nobody/callback?state=x']) {
      const back = await fetch(`${platform().url}/auth/${path}`, { redirect: 'manual' });
      expect([back.status, back.headers.get('location')]).toEqual([
        302,
        `${PUBLIC_URL}/auth/complete?error=INVALID_TOKEN`,
      ]);
    }
  });

  it('hides from clients what the router tells identity', async () => {
    const query = 'mutation { receiveExternalLogin(provider: "corp", query: "x") }';
    expect(await platform().anonymous.codes(query)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
}

describe('signing in at a provider, embedded', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({ env: settings() });
  });
  afterAll(() => platform?.stop());

  journeys(() => ({ anonymous: platform.anonymous, url: platform.url }));

  it('has a page that finishes it, without what it was opened with', async () => {
    const response = await fetch(`${platform.url}/auth/complete?code=SECRET&returnTo=/x`);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('SECRET');
  });
});

describeWithRedis('signing in at a provider, apart', (redisUrl) => {
  let platform: DistributedPlatform;
  beforeAll(async () => {
    platform = await DistributedPlatform.start(redisUrl, settings());
  }, 300_000);
  afterAll(() => platform?.stop());

  journeys(() => {
    const anonymous = platform.client('router');
    return { anonymous, url: platform.url('router') };
  });
});
