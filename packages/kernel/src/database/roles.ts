import { createHmac } from 'node:crypto';

/** The role that owns a schema's tables and migrates them. Nobody logs in as it. */
export const ownerRole = (schema: string): string => `${schema}_owner`;

/** The role that a subgraph works as: it reads and writes its own tables and owns none. */
export const runtimeRole = (schema: string): string => `${schema}_app`;

/** A runtime role's password, derived from `database.roleSecret`, so that no process has to be told another's. */
export const rolePassword = (secret: string, role: string): string =>
  createHmac('sha256', secret).update(role).digest('base64url');

/** The same server and database as `url`, signed in as the schema's runtime role. */
export function runtimeUrl(url: string, secret: string, schema: string): string {
  const target = new URL(url);
  target.username = runtimeRole(schema);
  target.password = rolePassword(secret, runtimeRole(schema));
  return target.href;
}
