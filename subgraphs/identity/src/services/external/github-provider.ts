import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  fetchProtectedResource,
} from 'openid-client';
import type { ExternalAccount } from '../../entities/index.js';
import { toAccount } from './claims.js';
import { type ExternalProvider, type FlowSecrets, IdentityProviderKind } from './external-provider.js';
import { outboundFetch } from './outbound-fetch.js';
import type { ProviderSettings } from './provider-settings.js';

const GITHUB = 'https://github.com';
const GITHUB_API = 'https://api.github.com';

interface GithubEmail {
  readonly email: string;
  readonly primary: boolean;
  readonly verified: boolean;
}

/** GitHub speaks OAuth 2 alone: who it is and the addresses are asked of its API. GitHub Enterprise is its own server. */
export class GithubProvider implements ExternalProvider {
  readonly kind = IdentityProviderKind.GITHUB;
  private readonly configuration: Configuration;
  private readonly api: string;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly redirectUri: string,
  ) {
    const { issuer, clientId, clientSecret } = settings;
    this.api = issuer === GITHUB ? GITHUB_API : `${issuer}/api/v3`;
    this.configuration = new Configuration(
      {
        issuer: `${issuer}/login/oauth`,
        authorization_endpoint: `${issuer}/login/oauth/authorize`,
        token_endpoint: `${issuer}/login/oauth/access_token`,
      },
      clientId,
      clientSecret,
    );
    this.configuration[customFetch] = outboundFetch(new URL(issuer));
    if (issuer.startsWith('http:')) allowInsecureRequests(this.configuration);
  }

  get id() {
    return this.settings.id;
  }

  get displayName() {
    return this.settings.displayName;
  }

  get registration() {
    return this.settings.registration;
  }

  async authorizationUrl({ state, verifier }: FlowSecrets): Promise<URL> {
    return buildAuthorizationUrl(this.configuration, {
      redirect_uri: this.redirectUri,
      scope: this.settings.scopes.join(' '),
      state,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  async exchange(parameters: URLSearchParams, { state, verifier }: FlowSecrets): Promise<ExternalAccount> {
    const url = new URL(`${this.redirectUri}?${parameters}`);
    const checks = { expectedState: state, pkceCodeVerifier: verifier };
    const { access_token: token } = await authorizationCodeGrant(this.configuration, url, checks);
    const user = (await this.ask(token, '/user')) as { id: number };
    if (!Number.isSafeInteger(user.id)) throw new Error('GitHub names no user');
    const emails = (await this.ask(token, '/user/emails')) as readonly GithubEmail[];
    const primary = emails.find((one) => one.primary === true && one.verified === true);
    const { issuer } = this.configuration.serverMetadata();
    const claims = { iss: issuer, sub: String(user.id), email: primary?.email, email_verified: primary !== undefined };
    return toAccount(this.kind, claims);
  }

  private async ask(token: string, path: string): Promise<unknown> {
    const headers = new Headers({ accept: 'application/vnd.github+json' });
    const url = new URL(this.api + path);
    const response = await fetchProtectedResource(this.configuration, token, url, 'GET', undefined, headers);
    if (!response.ok) throw new Error(`${url.origin} answered ${response.status}`);
    return response.json();
  }
}
