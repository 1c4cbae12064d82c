import type { ExternalAccount } from '../../entities/index.js';

/** Kinds of external providers. */
export enum IdentityProviderKind {
  GOOGLE = 'GOOGLE',
  MICROSOFT = 'MICROSOFT',
  GITHUB = 'GITHUB',
  OIDC = 'OIDC',
}

/** What ties a provider's answer to the request: made for each sign-in. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE between here and the provider. */
  readonly verifier: string;
}

/** A configured provider: where a browser goes, and what its coming back says. */
export interface ExternalProvider {
  readonly id: string;
  readonly displayName: string;
  readonly kind: IdentityProviderKind;
  /** Whether who has no account gets one. */
  readonly registration: boolean;
  /** Fails with whatever the provider does. */
  authorizationUrl(secrets: FlowSecrets): Promise<URL>;
  /** @param parameters of the address that the browser came back to. Fails with whatever the provider does. */
  exchange(parameters: URLSearchParams, secrets: FlowSecrets): Promise<ExternalAccount>;
}
