import { defineEvent } from '@platform/events';
import { z } from 'zod';

const organizationId = z.uuid();
const organization = z.object({ organizationId });
const membership = z.object({ organizationId, userId: z.uuid() });
const invitation = z.object({ organizationId, invitationId: z.uuid(), roleIds: z.array(z.uuid()) });

/** How somebody became a member. */
const via = z.enum(['creation', 'invitation', 'registration', 'sso', 'operator']);

const of = { organization: { resource: 'organization' }, membership: { resource: 'membership' } } as const;

/** An organization was made. */
export const organizationCreated = defineEvent({
  ...of.organization,
  type: 'platform.organization.created',
  data: organization,
});

/** An organization changed; `fields` names what. */
export const organizationUpdated = defineEvent({
  ...of.organization,
  type: 'platform.organization.updated',
  data: organization.extend({ fields: z.array(z.string()) }),
});

/** An operator suspended an organization: nobody can act in it. */
export const organizationSuspended = defineEvent({
  ...of.organization,
  type: 'platform.organization.suspended',
  data: organization.extend({ reason: z.string() }),
});

/** A suspension has ended. */
export const organizationReactivated = defineEvent({
  ...of.organization,
  type: 'platform.organization.reactivated',
  data: organization,
});

/** Access to an organization has ended; its data is erased when the time to restore it is over. */
export const organizationDeleted = defineEvent({
  ...of.organization,
  type: 'platform.organization.deleted',
  data: organization,
});

/** A deleted organization is back. */
export const organizationRestored = defineEvent({
  ...of.organization,
  type: 'platform.organization.restored',
  data: organization,
});

/** An organization was erased; each subgraph deletes its data of it. */
export const organizationErased = defineEvent({
  ...of.organization,
  type: 'platform.organization.erased',
  data: organization,
});

/** A user became a member. Their roles are there already. */
export const membershipCreated = defineEvent({
  ...of.membership,
  type: 'platform.membership.created',
  data: membership.extend({ via }),
});

/** A member was suspended; the roles stay. */
export const membershipSuspended = defineEvent({
  ...of.membership,
  type: 'platform.membership.suspended',
  data: membership.extend({ reason: z.string() }),
  personal: { members: ['reason'], of: 'userId' },
});

/** A member's suspension has ended. */
export const membershipReactivated = defineEvent({
  ...of.membership,
  type: 'platform.membership.reactivated',
  data: membership,
});

/** A user is no member any more, and holds no role of the organization. */
export const membershipRemoved = defineEvent({
  ...of.membership,
  type: 'platform.membership.removed',
  data: membership,
});

/** An address was invited; the mail is due. */
export const invitationCreated = defineEvent({
  type: 'platform.invitation.created',
  resource: 'invitation',
  data: invitation,
});

/** The invitation gets a new link; the mail is due. */
export const invitationResent = defineEvent({
  type: 'platform.invitation.resent',
  resource: 'invitation',
  data: invitation,
});

/** The organization took the invitation back. */
export const invitationRevoked = defineEvent({
  type: 'platform.invitation.revoked',
  resource: 'invitation',
  data: invitation,
});

/** The invited user is a member. */
export const invitationAccepted = defineEvent({
  type: 'platform.invitation.accepted',
  resource: 'invitation',
  data: invitation,
});

/** The invited user does not want to be a member. */
export const invitationDeclined = defineEvent({
  type: 'platform.invitation.declined',
  resource: 'invitation',
  data: invitation,
});

/** A session acts in another organization. */
export const sessionOrganizationSwitched = defineEvent({
  type: 'platform.session.organization_switched',
  resource: 'session',
  data: z.object({ userId: z.uuid(), sessionId: z.uuid(), organizationId }),
});
