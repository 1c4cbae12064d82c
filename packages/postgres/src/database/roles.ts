import { createHmac } from 'node:crypto';

/** The role that owns a schema's tables and migrates them. Nobody logs in as it. */
export const ownerRole = (schema: string): string => `${schema}_owner`;

/** The role that a subgraph works as: it reads and writes its own tables and owns none. */
export const runtimeRole = (schema: string): string => `${schema}_app`;

/** The role for which the policies of a schema's tables hide nothing. The runtime role takes it on where it acts across tenants; nobody logs in as it. */
export const allTenantsRole = (schema: string): string => `${schema}_all_tenants`;

/** What a process knows of the roles' passwords: the secret from which all are derived, or its own alone. */
export interface RoleSecrets {
  readonly roleSecret: string | null;
  readonly rolePassword: string | null;
}

/** A runtime role's password, derived from `database.roleSecret`, so that no process has to be told another's. */
export const rolePassword = (secret: string, role: string): string =>
  createHmac('sha256', secret).update(role).digest('base64url');

/** The password of a schema's runtime role, as this process knows it. */
export function runtimePassword({ roleSecret, rolePassword: own }: RoleSecrets, schema: string): string {
  if (roleSecret !== null) return rolePassword(roleSecret, runtimeRole(schema));
  if (own === null) throw new Error('Neither database.roleSecret nor database.rolePassword is set');
  return own;
}

/** The same server and database as `url`, signed in as the schema's runtime role. */
export function runtimeUrl(url: string, secrets: RoleSecrets, schema: string): string {
  const target = new URL(url);
  target.username = runtimeRole(schema);
  target.password = encodeURIComponent(runtimePassword(secrets, schema));
  return target.href;
}
