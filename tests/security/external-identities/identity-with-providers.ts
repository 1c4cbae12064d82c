import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type IdentityUnderTest, useIdentity } from '../../../subgraphs/identity/test/identity-under-test.js';
import { throughProvider } from './browser.js';
import { OpenIdProvider, type Person } from './openid-provider.js';

const CALLBACK = (id: string): string => `http://localhost:4000/auth/${id}/callback`;
const RECEIVE =
  'mutation ($provider: ID!, $query: String!) { receiveExternalLogin(provider: $provider, query: $query) }';
export const BEGIN =
  'mutation ($input: BeginExternalLoginInput!) { beginExternalLogin(input: $input) { url expiresIn } }';
export const BEGIN_LINK = 'mutation ($input: BeginExternalLinkInput!) { beginExternalLink(input: $input) { url } }';
export const COMPLETE = `mutation ($input: CompleteExternalLoginInput!) {
  completeExternalLogin(input: $input) { __typename ... on AuthPayload { accessToken refreshToken user { id email username emailVerified firstName } } }
}`;
export const COMPLETE_LINK =
  'mutation ($input: CompleteExternalLoginInput!) { completeExternalLink(input: $input) { id email provider { id displayName kind } } }';

/** A sign-in that a browser has begun: its verifier never leaves it. */
export interface BegunLogin {
  readonly provider: string;
  readonly url: string;
  readonly verifier: string;
}

/** What the end of a sign-in answers; of no use but for its errors when it has any. */
export interface Outcome {
  readonly errors?: readonly { extensions?: { code?: unknown } }[];
  readonly __typename?: 'AuthPayload' | 'MfaChallenge';
  readonly user: { readonly id: string; readonly email: string; readonly firstName: string | null };
  readonly accessToken: string;
}

/** Identity with providers: `corp` speaks OpenID Connect, `google` and `microsoft` are the same server as those kinds, `other` another server. */
export function useIdentityWithProviders(more: () => Record<string, unknown> = () => ({}), also: string[] = []) {
  let provider!: OpenIdProvider;
  let other!: OpenIdProvider;
  const set = ['identity.mailBudget.perNetwork=100000', ...also];
  beforeAll(async () => {
    provider = await OpenIdProvider.start(['corp', 'google', 'microsoft', 'closed'].map(CALLBACK));
    other = await OpenIdProvider.start([CALLBACK('other')]);
    const providers = {
      corp: { ...provider.settings('oidc'), displayName: 'Corp' },
      google: provider.settings('google'),
      microsoft: provider.settings('microsoft'),
      closed: { ...provider.settings('oidc'), registration: false },
      other: other.settings('oidc'),
      ...more(),
    };
    set.push(`identity.providers=${JSON.stringify(providers)}`);
  });
  const identity: IdentityUnderTest = useIdentity({ set });
  afterEach(() => {
    for (const one of [provider, other]) one.tampers.clear();
  });
  afterAll(() => Promise.all([provider, other].map((one) => one.stop())));

  const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
  const under = {
    identity,
    provider: () => provider,
    other: () => other,
    newPerson: (claims: Record<string, unknown> = {}): Person => ({
      sub: randomUUID(),
      email: `${randomUUID()}@example.com`,
      email_verified: true,
      ...claims,
    }),
    async begin(id = 'corp', returnTo?: string): Promise<BegunLogin> {
      const verifier = randomBytes(32).toString('base64url');
      const input = { provider: id, codeChallenge: challengeOf(verifier), returnTo };
      const { beginExternalLogin } = await identity.guest().data(BEGIN, { input });
      return { provider: id, url: beginExternalLogin.url, verifier };
    },
    async beginLink(client: ReturnType<IdentityUnderTest['guest']>, id = 'corp'): Promise<BegunLogin> {
      const verifier = randomBytes(32).toString('base64url');
      const input = { provider: id, codeChallenge: challengeOf(verifier) };
      return { provider: id, url: (await client.data(BEGIN_LINK, { input })).beginExternalLink.url, verifier };
    },
    /** Signs the person in at the provider; answers the query that the browser comes back with. */
    async atProvider({ provider: id, url }: BegunLogin, person: Person): Promise<string> {
      (id === 'other' ? other : provider).person = person;
      return throughProvider(url, CALLBACK(id));
    },
    /** Where the platform sends the browser that comes back. */
    async receive(id: string, query: string): Promise<URL> {
      const { receiveExternalLogin } = await identity.harness
        .asService('router')
        .data(RECEIVE, { provider: id, query });
      return new URL(receiveExternalLogin);
    },
    /** All of the way but its end; answers code and verifier. */
    async codeFor(person: Person, id = 'corp', begun?: BegunLogin) {
      const login = begun ?? (await under.begin(id));
      const page = await under.receive(id, await under.atProvider(login, person));
      return {
        code: page.searchParams.get('code') ?? '',
        codeVerifier: login.verifier,
        error: page.searchParams.get('error'),
      };
    },
    async complete({ code, codeVerifier }: { code: string; codeVerifier: string }): Promise<Outcome> {
      const { data, errors } = await identity.guest().request(COMPLETE, { input: { code, codeVerifier } });
      return { errors, ...(data?.completeExternalLogin as Omit<Outcome, 'errors'>) };
    },
    /** Signs in by a provider. */
    async login(person: Person, id = 'corp'): Promise<Outcome> {
      return under.complete(await under.codeFor(person, id));
    },
    /** The code of the failure, or OK. */
    async outcome(person: Person, id = 'corp'): Promise<unknown> {
      return codeOf(await under.login(person, id));
    },
  };
  return under;
}

export const codeOf = (answer: { errors?: readonly { extensions?: { code?: unknown } }[] }): unknown =>
  answer.errors?.[0]?.extensions?.code ?? 'OK';
