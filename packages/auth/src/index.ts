export { anonymousCaller, type Caller, NO_ORGANIZATION, serviceCaller, userCaller } from './caller.js';
export { CallerTokenSigner, CallerTokenVerifier } from './caller-token.js';
export {
  ALL_TENANTS_VERSION,
  MemoryRevocationVersions,
  RedisRevocationVersions,
  RevocationStoreUnavailable,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  tenantVersion,
  userVersion,
} from './revocation-versions.js';
export { isUndecided, PermissionsUnknown, undecidedPermissions } from './undecided-permissions.js';

/** Every permission code that a module declares; filled by the generated table in contracts. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface PermissionCodes {}

/** A permission code that some module.yaml declares; any other does not compile. */
export type PermissionCode = Extract<keyof PermissionCodes, string>;
