export type { BrowserFlow } from './browser-flow.js';
export type { ExternalLinkService } from './external-link.service.js';
export type { ExternalLoginService } from './external-login.service.js';
export { type ExternalProvider, IdentityProviderKind } from './external-provider.js';
export type { ExternalProviders } from './external-providers.js';
export { externalServices } from './external-services.js';
