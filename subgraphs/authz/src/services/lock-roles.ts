import { type EntityManager, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Role, RoleNotFound } from '../entities/index.js';

/** Reading and using them, or changing them; neither stops users from being given them. */
type RoleLock = 'pessimistic_read' | 'for_no_key_update';

/** The roles with these ids, kept as they are until the transaction ends. @throws RoleNotFound when any is unknown. */
export async function lockRoles(tx: EntityManager, roleIds: readonly string[], mode: RoleLock): Promise<Role[]> {
  const roles = await lockRolesAmong(tx, roleIds, mode);
  if (roles.length < distinct(roleIds).length) throw new RoleNotFound();
  return roles;
}

/** The same of those that exist. Locked in the order of their ids, so that nobody waits in a circle. */
export function lockRolesAmong(tx: EntityManager, roleIds: readonly string[], mode: RoleLock): Promise<Role[]> {
  const ids = distinct(roleIds).filter((id) => isUuid(id));
  return tx.find(Role, { where: { id: In(ids) }, order: { id: 'ASC' }, lock: { mode } });
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => id.toLowerCase()))];

/** The role with this id, locked for a change. @throws RoleNotFound */
export async function lockRole(tx: EntityManager, roleId: string): Promise<Role> {
  const [role] = await lockRoles(tx, [roleId], 'for_no_key_update');
  if (!role) throw new RoleNotFound();
  return role;
}
