import type { Clock } from '@platform/foundation/clock';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import type { ExternalAccount } from '../../entities/index.js';
import { type Claims, toAccount } from './claims.js';
import type { ExternalProvider, FlowSecrets } from './external-provider.js';
import { outboundFetch } from './outbound-fetch.js';
import type { ProviderSettings } from './provider-settings.js';

/** How long what a provider publishes about itself is used, in ms. */
const METADATA_LIFETIME_MS = 60 * 60 * 1000;

/** A provider that speaks OpenID Connect: code flow with PKCE and nonce, the ID token's signature checked by the provider's keys. */
export class OidcProvider implements ExternalProvider {
  private known: { readonly until: number; readonly configuration: Promise<Configuration> } | undefined;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly redirectUri: string,
    private readonly clock: Clock,
  ) {}

  get id() {
    return this.settings.id;
  }

  get displayName() {
    return this.settings.displayName;
  }

  get kind() {
    return this.settings.kind;
  }

  get registration() {
    return this.settings.registration;
  }

  async authorizationUrl({ state, nonce, verifier }: FlowSecrets): Promise<URL> {
    return buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.redirectUri,
      scope: this.settings.scopes.join(' '),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  async exchange(parameters: URLSearchParams, { state, nonce, verifier }: FlowSecrets): Promise<ExternalAccount> {
    const configuration = await this.configuration();
    const url = new URL(`${this.redirectUri}?${parameters}`);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const tokens = await authorizationCodeGrant(configuration, url, checks);
    const claims = tokens.claims();
    if (!claims) throw new Error('The provider answered without an ID token');
    return toAccount(this.settings.kind, {
      ...(await this.moreClaims(configuration, tokens.access_token, claims)),
      ...claims,
    });
  }

  /** What the ID token does not say, some providers tell at their userinfo endpoint. */
  private async moreClaims(configuration: Configuration, accessToken: string, claims: Claims): Promise<object> {
    if (claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint) return {};
    return fetchUserInfo(configuration, accessToken, claims.sub);
  }

  /** Read once for all that wait, and again after a failure. */
  private configuration(): Promise<Configuration> {
    const now = this.clock.now().getTime();
    if (!this.known || this.known.until <= now) {
      const configuration = this.discover();
      const known = { until: now + METADATA_LIFETIME_MS, configuration };
      this.known = known;
      configuration.catch(() => {
        if (this.known === known) this.known = undefined;
      });
    }
    return this.known.configuration;
  }

  private async discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const server = new URL(issuer);
    const insecure = server.protocol === 'http:' ? [allowInsecureRequests] : [];
    const options = { execute: [enableNonRepudiationChecks, ...insecure], [customFetch]: outboundFetch(server) };
    return discovery(server, clientId, undefined, clientAuthentication(clientSecret), options);
  }
}

/** In the way that the provider takes; by the header where it says nothing. */
function clientAuthentication(clientSecret: string): ClientAuth {
  const [post, basic] = [ClientSecretPost(clientSecret), ClientSecretBasic(clientSecret)];
  return (server, ...request) => {
    const isPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post');
    return (isPost ? post : basic)(server, ...request);
  };
}
