import { type AccessRules, everyone, permission } from '@platform/kernel/graphql';

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
  },
  Mutation: {
    createRole: permission('authz.role.create'),
    updateRole: permission('authz.role.update'),
    deleteRole: permission('authz.role.delete'),
    grantPermissions: grantors,
    revokePermissions: grantors,
    assignRoles: assigners,
    revokeRoles: assigners,
  },
  User: everyone,
  Role: everyone,
  RoleConnection: roleReaders,
  RoleEdge: roleReaders,
  Permission: everyone,
  Decision: decisionReaders,
  GrantHolder: decisionReaders,
  GrantHolderConnection: decisionReaders,
  GrantHolderEdge: decisionReaders,
};
