import type { Caller } from '@platform/auth';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Organization, OrganizationNotFound } from '../../entities/index.js';

/** The organization with its row locked, for a caller who may change the active organization, or any. @throws OrganizationNotFound */
export async function changeable(
  tx: EntityManager,
  caller: Caller,
  id: string,
  own: 'identity.organization.update' | 'identity.organization.delete' | null,
): Promise<Organization> {
  const isOwn = own !== null && caller.permissions.has(own) && caller.tenantId === id.toLowerCase();
  if (!isOwn && !caller.permissions.has('identity.organization.manage')) throw new OrganizationNotFound();
  return lockedOrganization(tx, id);
}

/** @throws OrganizationNotFound */
export async function lockedOrganization(tx: EntityManager, id: string): Promise<Organization> {
  const organization = isUuid(id) ? await tx.findOne(Organization, { where: { id }, lock: LOCKED }) : null;
  if (!organization) throw new OrganizationNotFound();
  return organization;
}

const LOCKED = { mode: 'for_no_key_update' } as const;
