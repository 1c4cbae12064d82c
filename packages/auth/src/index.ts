export { type ApiKeySecret, apiKeyHash, isApiKeySecret, newApiKeySecret } from './api-key-secret.js';
export {
  type ApiKeyOwner,
  anonymousCaller,
  apiKeyCaller,
  type Caller,
  isMachine,
  NO_ORGANIZATION,
  principalOf,
  serviceCaller,
  userCaller,
} from './caller.js';
export { CallerTokenSigner, CallerTokenVerifier } from './caller-token.js';
export {
  ALL_TENANTS_VERSION,
  apiKeyVersion,
  MemoryRevocationVersions,
  RedisRevocationVersions,
  RevocationStoreUnavailable,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  serviceAccountVersion,
  tenantVersion,
  userVersion,
} from './revocation-versions.js';
export { isUndecided, PermissionsUnknown, undecidedPermissions } from './undecided-permissions.js';

/** Every permission code that a module declares; filled by the generated table in contracts. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface PermissionCodes {}

/** A permission code that some module.yaml declares; any other does not compile. */
export type PermissionCode = Extract<keyof PermissionCodes, string>;
