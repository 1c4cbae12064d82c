import { validate as isUuid } from 'uuid';
import { type Membership, User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import {
  ApiKeyView,
  ExternalIdentityView,
  InvitationView,
  MembershipView,
  type OrganizationView,
  PasskeyView,
  ServiceAccountView,
  SessionView,
  UserView,
} from './types/index.js';
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
  const session = isUuid(id) ? await loaders.sessions.load(id) : null;
  return session && new SessionView(session, caller);
}

/** A passkey, for its owner. */
async function resolvePasskey({ id }: { id: string }, { loaders }: IdentityContext): Promise<PasskeyView | null> {
  const passkey = isUuid(id) ? await loaders.passkeys.load(id) : null;
  return passkey && new PasskeyView(passkey);
}

/** An organization, for its members and for who sees every one. */
const resolveOrganization = ({ id }: { id: string }, context: IdentityContext): Promise<OrganizationView | null> =>
  visibleOrganization(id, context);

/** As far as it is whole: by its id, or by who belongs to what. */
interface MembershipKey {
  readonly id?: string;
  readonly organization?: { readonly id?: string } | null;
  readonly user?: { readonly id?: string } | null;
}

/** A membership by its id, or by who belongs to what: the user's own, or one of the organization that the caller acts in. */
async function resolveMembership(key: MembershipKey, context: IdentityContext): Promise<MembershipView | null> {
  const { id = '', organization, user } = key;
  const [organizationId = '', userId = ''] = [organization?.id, user?.id];
  const byId = isUuid(id);
  if (!byId && !(isUuid(organizationId) && isUuid(userId))) return null;
  const isNamed = (membership: Membership): boolean =>
    byId
      ? membership.id === id.toLowerCase()
      : membership.userId === userId.toLowerCase() && membership.organizationId === organizationId.toLowerCase();

  const { caller, loaders } = context;
  const own = (await loaders.ownMemberships()).find(isNamed);
  if (own) return new MembershipView(own);
  if (caller.kind !== 'service' && !caller.permissions.has('identity.member.read')) return null;
  const found = byId ? await loaders.memberships.load(id) : await loaders.memberOf.load(userId.toLowerCase());
  return found && isNamed(found) ? new MembershipView(found) : null;
}

/** An invitation of the organization that the caller acts in. */
async function resolveInvitation({ id }: { id: string }, { caller, loaders }: IdentityContext) {
  const isShown = isUuid(id) && caller.permissions.has('identity.invitation.read');
  const found = isShown ? await loaders.invitations.load(id) : null;
  return found && new InvitationView(found, loaders.now());
}

/** A service account of the organization that the caller acts in: for itself, and for who may see them. */
async function resolveServiceAccount({ id }: { id: string }, { caller, loaders }: IdentityContext) {
  const shown =
    caller.permissions.has('identity.service_account.read') || caller.serviceAccountId === String(id).toLowerCase();
  const found = isUuid(id) && shown ? await loaders.serviceAccounts.load(id) : null;
  return found && new ServiceAccountView(found);
}

/** A key of the organization that the caller acts in: one's own, and every one for who may see them. */
async function resolveApiKey({ id }: { id: string }, { caller, loaders }: IdentityContext) {
  const found = isUuid(id) ? await loaders.apiKeys.load(id) : null;
  if (!found) return null;
  const own = found.userId !== null && found.userId === caller.userId;
  const shown =
    own ||
    caller.permissions.has('identity.api_key.read') ||
    (found.serviceAccountId !== null && caller.permissions.has('identity.service_account.read'));
  return shown ? new ApiKeyView(found) : null;
}

/** The caller's own linked account. */
async function resolveExternalIdentity({ id }: { id: string }, { loaders }: IdentityContext) {
  const found = isUuid(id) ? await loaders.externalIdentities.load(id) : null;
  return found && new ExternalIdentityView(found);
}

/** Who answers for an entity by its key. */
export const references = {
  User: resolveUser,
  Session: resolveSession,
  Passkey: resolvePasskey,
  Organization: resolveOrganization,
  Membership: resolveMembership,
  Invitation: resolveInvitation,
  ServiceAccount: resolveServiceAccount,
  ApiKey: resolveApiKey,
  ExternalIdentity: resolveExternalIdentity,
};
