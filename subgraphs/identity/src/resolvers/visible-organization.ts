import type { Organization } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import { OrganizationView } from './types/index.js';

/** The organization for its members and for who sees every one; null for others, to whom it is as unknown as one that does not exist. */
export async function visibleOrganization(id: string, context: IdentityContext): Promise<OrganizationView | null> {
  const { caller, loaders } = context;
  const organization = await loaders.organizations.load(id);
  if (!organization) return null;
  const seesAll = caller.kind === 'service' || caller.permissions.has('identity.organization.read');
  return seesAll || (await isOwn(organization, context)) ? whole(organization, context) : null;
}

/** An organization that the caller has just named by what they may do there. */
export const whole = (organization: Organization, { loaders }: IdentityContext): OrganizationView =>
  new OrganizationView(organization, loaders.isDefault(organization.id), true);

/** The organization that a visible invitation or membership refers to: at least its name. */
export async function namedOrganization(id: string, context: IdentityContext): Promise<OrganizationView> {
  const seen = await visibleOrganization(id, context);
  if (seen) return seen;
  const organization = await context.loaders.organizations.load(id);
  if (!organization) throw new Error(`The organization ${id} is gone`);
  return new OrganizationView(organization, context.loaders.isDefault(id), false);
}

async function isOwn({ id }: Organization, { caller, loaders }: IdentityContext): Promise<boolean> {
  if ((caller.kind === 'user' || caller.kind === 'service_account') && caller.tenantId === id) return true;
  return (await loaders.ownMemberships()).some(({ organizationId }) => organizationId === id);
}
