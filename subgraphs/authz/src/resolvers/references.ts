import type { ReferenceResolver } from '@platform/subgraph-server/graphql';
import { validate as isUuid } from 'uuid';
import type { AuthzContext } from '../context.js';
import { isDeclared, Membership, Permission, type Role, ServiceAccount, User } from '../entities/index.js';
import type { SubjectService } from '../services/index.js';

/** As far as the representation is whole. */
interface MembershipKey {
  readonly organization?: { readonly id?: string } | null;
  readonly user?: { readonly id?: string } | null;
}

/** Entities by the keys that other subgraphs know. */
export const references = (subjects: SubjectService): Record<string, ReferenceResolver<AuthzContext>> => ({
  /** Any user: what is shown of them is decided field by field. A user who asks for themself is known from then on. */
  User: async ({ id }: { id: string }, { caller }: AuthzContext): Promise<User | null> => {
    if (!isUuid(id)) return null;
    const user = new User(id.toLowerCase());
    if (caller.kind === 'user' && caller.userId === user.id) await subjects.firstSeen(user.id);
    return user;
  },

  /** Any service account: whether its roles are shown is decided by the field, and the database has those of the organization alone. */
  ServiceAccount: ({ id }: { id: string }): ServiceAccount | null =>
    isUuid(id) ? ServiceAccount.of(id.toLowerCase()) : null,

  /** Any membership: whether its roles are shown is decided by the field. */
  Membership: ({ organization, user }: MembershipKey): Membership | null => {
    const [organizationId = '', userId = ''] = [organization?.id, user?.id];
    if (!isUuid(organizationId) || !isUuid(userId)) return null;
    return new Membership(organizationId.toLowerCase(), userId.toLowerCase());
  },

  /** Null for callers who could not have asked for it by its id either. */
  Role: async ({ id }: { id: string }, { caller, loaders }: AuthzContext): Promise<Role | null> =>
    isUuid(id) && caller.permissions.has('authz.role.read') ? loaders.roleById.load(id.toLowerCase()) : null,

  Permission: ({ code }: { code: string }): Permission | null => (isDeclared(code) ? new Permission(code) : null),
});
