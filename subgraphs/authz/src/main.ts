import { NO_ORGANIZATION } from '@platform/auth';
import { defineSubgraph, PeerClient, type SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import { type AuthzConfig, authzSections } from './config.js';
import {
  Assignment,
  DefaultGrant,
  Membership,
  PermissionScope,
  Role,
  RolePermission,
  ServiceAccount,
  ServiceAccountRole,
  Subject,
} from './entities/index.js';
import {
  assignUserRoleWhenMembershipCreated,
  assignUserRoleWhenUserCreated,
  assignUserRoleWhenUserRegistered,
  eraseEventCopiesWhenUserDeleted,
  eraseRolesWhenOrganizationErased,
  refreshStateWhenUserLocked,
  refreshStateWhenUserUnlocked,
  removeRoleAssignmentsWhenMembershipRemoved,
  removeRoleAssignmentsWhenUserDeleted,
  removeRolesWhenServiceAccountDeleted,
} from './events/index.js';
import { createLoaders } from './loaders/index.js';
import { access, targets } from './permissions.js';
import {
  DecisionResolver,
  GrantHolderResolver,
  IdentityResolver,
  MembershipResolver,
  OrganizationResolver,
  PermissionResolver,
  RoleResolver,
  references,
  ServiceAccountResolver,
  UserResolver,
} from './resolvers/index.js';
import {
  AccountDirectory,
  Administrators,
  AssignmentService,
  AssignmentWriter,
  DecisionService,
  GrantService,
  Holders,
  MemberService,
  PermissionService,
  RoleService,
  ServiceAccountService,
  SubjectService,
  SystemRoles,
  TargetGuard,
} from './services/index.js';

type Infrastructure = SubgraphInfrastructure<{ authz: AuthzConfig }>;

/** Authz's services, also for the command line, which seeds the system roles and the first administrator through them. */
export function authzServices({
  config,
  database,
  outbox,
  revocations,
  clock,
  callerTokens,
  endpoint,
}: Infrastructure) {
  const identity = new PeerClient({
    name: 'identity',
    endpoint: endpoint('identity'),
    callerTokens,
    timeout: config.authz.identityTimeout,
  });
  const { mode } = config.tenancy;
  const { tenantId } = config.platform;
  const accounts = new AccountDirectory(identity, mode);
  const writer = new AssignmentWriter(outbox, revocations);
  const subjects = new SubjectService(database, writer, accounts, clock, mode);
  const administrators = new Administrators(database, accounts);
  const scope = new PermissionScope(tenantId);
  const guard = new TargetGuard(database, subjects, administrators, scope);
  const established = mode === 'multi' ? [tenantId, NO_ORGANIZATION] : [tenantId];
  const systemRoles = new SystemRoles(database, outbox, revocations, clock, established);
  return {
    scope,
    subjects,
    guard,
    accounts,
    administrators,
    systemRoles,
    members: new MemberService(database, systemRoles, subjects, accounts, writer, mode),
    roles: new RoleService(database, outbox, revocations, { guard, scope }, clock),
    grants: new GrantService(database, outbox, revocations, { guard, scope }, clock),
    assignments: new AssignmentService(database, writer, { subjects, accounts, guard, administrators }, scope),
    serviceAccounts: new ServiceAccountService(database, outbox, revocations, scope),
    permissions: new PermissionService(database, subjects, scope),
    decisions: new DecisionService(database, subjects, scope, new Holders(database, scope, mode)),
  };
}

/** Roles, permissions and decisions. */
export const authz = defineSubgraph({
  name: 'authz',
  entities: [Role, RolePermission, DefaultGrant, Subject, Assignment, ServiceAccount, ServiceAccountRole],
  sections: authzSections,
  needs: ['callerToken.privateKey'],
  compose(infrastructure) {
    const services = authzServices(infrastructure);
    const { subjects, members, roles } = services;
    return {
      resolvers: [
        new RoleResolver(roles, services.grants),
        new UserResolver(services.assignments),
        new PermissionResolver(services.permissions),
        new DecisionResolver(services.decisions),
        new GrantHolderResolver(),
        new IdentityResolver(services.guard, subjects),
        new OrganizationResolver(members, roles),
        new MembershipResolver(),
        new ServiceAccountResolver(services.serviceAccounts),
      ],
      references: references(subjects),
      orphanedTypes: [Membership],
      access,
      targets,
      loaders: () => createLoaders(infrastructure.database, subjects, services.scope),
      handlers: [
        assignUserRoleWhenUserRegistered(subjects),
        assignUserRoleWhenUserCreated(subjects),
        removeRoleAssignmentsWhenUserDeleted(subjects),
        eraseEventCopiesWhenUserDeleted,
        refreshStateWhenUserLocked(subjects),
        refreshStateWhenUserUnlocked(subjects),
        assignUserRoleWhenMembershipCreated(members),
        removeRoleAssignmentsWhenMembershipRemoved(members),
        eraseRolesWhenOrganizationErased(roles),
        removeRolesWhenServiceAccountDeleted(services.serviceAccounts),
      ],
      parts: [services.systemRoles],
    };
  },
});
