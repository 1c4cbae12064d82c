import { type AccessRules, authenticated, everyone, permission, services } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, actsOnRoleHolders, actsOnUser, type Targets } from '@platform/subgraph-server/subgraph';

const roleReaders = permission('authz.role.read');
const grantors = permission('authz.permission.grant');
const assigners = permission('authz.role.assign');
const decisionReaders = permission('authz.decision.read');

/** Who may use what. A role or a permission is open to whoever legitimately reached it: every way to one is guarded here or by the user's own visibility. */
export const access: AccessRules = {
  Query: {
    role: roleReaders,
    roleByName: roleReaders,
    roles: roleReaders,
    permissions: roleReaders,
    myPermissions: everyone,
    hasPermission: decisionReaders,
    authorize: decisionReaders,
    whoCan: decisionReaders,
    mayChangeUser: authenticated,
    refreshUserState: services,
    assignableRoles: authenticated,
    mayActAsServiceAccount: authenticated,
  },
  Mutation: {
    createRole: permission('authz.role.create'),
    updateRole: permission('authz.role.update'),
    deleteRole: permission('authz.role.delete'),
    grantPermissions: grantors,
    revokePermissions: grantors,
    assignRoles: assigners,
    revokeRoles: assigners,
    assignServiceAccountRoles: assigners,
    revokeServiceAccountRoles: assigners,
    establishOrganization: services,
    admitMember: services,
    releaseMember: services,
    admitServiceAccount: services,
    releaseServiceAccount: services,
  },
  User: everyone,
  ServiceAccount: everyone,
  Membership: everyone, // the roles are open to whom the membership is open to
  Organization: everyone,
  Role: everyone,
  RoleConnection: roleReaders,
  RoleEdge: roleReaders,
  Permission: everyone,
  Decision: decisionReaders,
  GrantHolder: decisionReaders,
  GrantHolderConnection: decisionReaders,
  GrantHolderEdge: decisionReaders,
};

/** On whom each mutation acts. */
export const targets: Targets = {
  createRole: actsOnNoUser,
  updateRole: actsOnNoUser, // its name and description
  grantPermissions: actsOnNoUser, // whoever has the role gains what the caller holds
  deleteRole: actsOnRoleHolders('id'),
  revokePermissions: actsOnRoleHolders('roleId'),
  assignRoles: actsOnUser('userId'),
  revokeRoles: actsOnUser('userId'),
  assignServiceAccountRoles: actsOnNoUser, // the caller holds what it holds, and what it is given
  revokeServiceAccountRoles: actsOnNoUser,
  establishOrganization: actsOnNoUser,
  admitMember: actsOnNoUser, // identity has decided, and asked with `assignableRoles`
  releaseMember: actsOnNoUser, // identity has decided, and asked with `mayChangeUser`
  admitServiceAccount: actsOnNoUser, // identity has decided, and asked with `assignableRoles`
  releaseServiceAccount: actsOnNoUser,
};
