import { validate as isUuid } from 'uuid';
import { type Membership, User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import { InvitationView, MembershipView, type OrganizationView, SessionView, UserView } from './types/index.js';
import { visibleOrganization } from './visible-organization.js';

/** A user, for whoever knows the id. Others go on referring to users who are gone: those are known by their id alone, so that nobody's list breaks. */
async function resolveUser({ id }: { id: string }, context: IdentityContext): Promise<UserView | null> {
  if (!isUuid(id)) return null;
  return UserView.for(context, (await context.loaders.referredUsers.load(id)) ?? User.gone(id.toLowerCase()));
}

/** A session for its own user, as long as it is good: by this the router knows that a token still counts. */
async function resolveSession(
  { id }: { id: string },
  { caller, loaders }: IdentityContext,
): Promise<SessionView | null> {
  const session = await loaders.sessions.load(id);
  return session && new SessionView(session, caller);
}

/** An organization, for its members and for who sees every one. */
const resolveOrganization = ({ id }: { id: string }, context: IdentityContext): Promise<OrganizationView | null> =>
  visibleOrganization(id, context);

type MembershipKey =
  | { readonly id: string }
  | { readonly organization: { readonly id: string }; readonly user: { readonly id: string } };

/** A membership by its id, or by who belongs to what: the user's own, or one of the organization that the caller acts in. */
async function resolveMembership(key: MembershipKey, context: IdentityContext): Promise<MembershipView | null> {
  const { caller, loaders } = context;
  const own = (await loaders.ownMemberships()).find((membership) => isNamed(membership, key));
  if (own) return new MembershipView(own);
  if (caller.kind !== 'service' && !caller.permissions.has('identity.member.read')) return null;
  const found = 'id' in key ? await loaders.memberships.load(key.id) : await loaders.memberOf.load(key.user.id);
  return found && isNamed(found, key) ? new MembershipView(found) : null;
}

const isNamed = (membership: Membership, key: MembershipKey): boolean =>
  'id' in key
    ? membership.id === key.id.toLowerCase()
    : membership.userId === key.user.id.toLowerCase() &&
      membership.organizationId === key.organization.id.toLowerCase();

/** An invitation of the organization that the caller acts in. */
async function resolveInvitation({ id }: { id: string }, { caller, loaders }: IdentityContext) {
  const found = caller.permissions.has('identity.invitation.read') ? await loaders.invitations.load(id) : null;
  return found && new InvitationView(found, loaders.now());
}

/** Who answers for an entity by its key. */
export const references = {
  User: resolveUser,
  Session: resolveSession,
  Organization: resolveOrganization,
  Membership: resolveMembership,
  Invitation: resolveInvitation,
};
