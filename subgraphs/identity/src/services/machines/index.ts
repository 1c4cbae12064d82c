export type { ApiKeyService } from './api-key.service.js';
export type { IssuedKey } from './key-issuer.js';
export type { MachineDirectory, UsableKey } from './machine-directory.js';
export { machineServices } from './machine-services.js';
export type { ServiceAccountService } from './service-account.service.js';
