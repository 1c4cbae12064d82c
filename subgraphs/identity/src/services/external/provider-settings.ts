import type { IdentityConfig } from '../../config.js';
import { IdentityProviderKind } from './external-provider.js';

/** What is known of a provider before it is asked anything. */
export interface ProviderSettings {
  readonly id: string;
  readonly kind: IdentityProviderKind;
  readonly displayName: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly registration: boolean;
}

const OIDC_SCOPES = ['openid', 'email', 'profile'];

/** What the kinds know by themselves. */
const PRESETS = {
  google: {
    kind: IdentityProviderKind.GOOGLE,
    displayName: 'Google',
    issuer: 'https://accounts.google.com',
    scopes: OIDC_SCOPES,
  },
  microsoft: {
    kind: IdentityProviderKind.MICROSOFT,
    displayName: 'Microsoft',
    issuer: 'https://login.microsoftonline.com/common/v2.0',
    scopes: OIDC_SCOPES,
  },
  github: {
    kind: IdentityProviderKind.GITHUB,
    displayName: 'GitHub',
    issuer: 'https://github.com',
    scopes: ['read:user', 'user:email'],
  },
  oidc: { kind: IdentityProviderKind.OIDC, displayName: null, issuer: null, scopes: OIDC_SCOPES },
} as const;

/** The configured providers in the order of the configuration, each over what its kind knows. */
export const providerSettings = ({ providers, registration }: IdentityConfig): ProviderSettings[] =>
  Object.entries(providers).map(([id, { kind, ...own }]) => {
    const preset = PRESETS[kind];
    return {
      id,
      kind: preset.kind,
      displayName: own.displayName ?? preset.displayName ?? id,
      issuer: (own.issuer ?? preset.issuer) as string,
      clientId: own.clientId,
      clientSecret: own.clientSecret,
      scopes: own.scopes ?? preset.scopes,
      registration: registration === 'open' && (own.registration ?? true),
    };
  });
