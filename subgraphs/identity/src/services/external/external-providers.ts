import type { Clock } from '@platform/foundation/clock';
import type { Logger } from '@platform/foundation/logging';
import type { IdentityConfig } from '../../config.js';
import { type ExternalAccount, ProviderNotFound, ProviderUnavailable } from '../../entities/index.js';
import { type ExternalProvider, type FlowSecrets, IdentityProviderKind } from './external-provider.js';
import { GithubProvider } from './github-provider.js';
import { OidcProvider } from './oidc-provider.js';
import { providerSettings } from './provider-settings.js';

/** The providers of the configuration. */
export class ExternalProviders {
  private readonly byId: ReadonlyMap<string, ExternalProvider>;

  /** @param publicUrl of the router, which browsers come back to. */
  constructor(
    config: IdentityConfig,
    publicUrl: string,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    const providers = providerSettings(config).map((settings) => {
      const redirectUri = `${publicUrl}/auth/${settings.id}/callback`;
      return settings.kind === IdentityProviderKind.GITHUB
        ? new GithubProvider(settings, redirectUri)
        : new OidcProvider(settings, redirectUri, clock);
    });
    this.byId = new Map(providers.map((provider) => [provider.id, provider]));
  }

  /** In the order of the configuration. */
  get all(): readonly ExternalProvider[] {
    return [...this.byId.values()];
  }

  find(id: string): ExternalProvider | null {
    return this.byId.get(id) ?? null;
  }

  /** @throws ProviderNotFound */
  named(id: string): ExternalProvider {
    const provider = this.byId.get(id);
    if (!provider) throw new ProviderNotFound();
    return provider;
  }

  /** Where the browser goes. @throws ProviderUnavailable */
  authorizationUrl(provider: ExternalProvider, secrets: FlowSecrets): Promise<URL> {
    return this.asking(provider, () => provider.authorizationUrl(secrets));
  }

  /** Who has come back. @throws ProviderUnavailable */
  exchange(provider: ExternalProvider, parameters: URLSearchParams, secrets: FlowSecrets): Promise<ExternalAccount> {
    return this.asking(provider, () => provider.exchange(parameters, secrets));
  }

  private async asking<T>({ id }: ExternalProvider, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { message, code, cause } = error as Error & { code?: string };
      const reason = cause instanceof Error ? cause.message : undefined;
      this.logger.warn({ provider: id, code, message, reason }, 'external provider failed; rejecting the sign-in');
      throw new ProviderUnavailable();
    }
  }
}
