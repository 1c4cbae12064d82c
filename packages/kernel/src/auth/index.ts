/** Every permission code that a module declares; filled by the generated table in contracts. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface PermissionCodes {}

/** A permission code that some module.yaml declares; any other does not compile. */
export type PermissionCode = Extract<keyof PermissionCodes, string>;

export * from './caller.js';
export * from './caller-token.js';
export * from './raise-versions.js';
export * from './undecided-permissions.js';
export * from './version-stamps.js';
