import { defineSubgraph, PeerClient, type SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import { type AuthzConfig, authzSections } from './config.js';
import { Assignment, DefaultGrant, PermissionScope, Role, RolePermission, Subject } from './entities/index.js';
import {
  assignUserRoleWhenUserCreated,
  assignUserRoleWhenUserRegistered,
  eraseEventCopiesWhenUserDeleted,
  refreshStateWhenUserLocked,
  refreshStateWhenUserUnlocked,
  removeRoleAssignmentsWhenUserDeleted,
} from './events/index.js';
import { createLoaders } from './loaders/index.js';
import { access, targets } from './permissions.js';
import {
  DecisionResolver,
  GrantHolderResolver,
  IdentityResolver,
  PermissionResolver,
  RoleResolver,
  references,
  UserResolver,
} from './resolvers/index.js';
import {
  AccountDirectory,
  Administrators,
  AssignmentService,
  DecisionService,
  GrantService,
  PermissionService,
  RoleService,
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
  const accounts = new AccountDirectory(identity, config.platform.tenantId);
  const subjects = new SubjectService(database, outbox, revocations, accounts, clock);
  const administrators = new Administrators(database, accounts);
  const scope = new PermissionScope(config.platform.tenantId);
  const guard = new TargetGuard(database, subjects, administrators, scope);
  return {
    scope,
    subjects,
    guard,
    accounts,
    administrators,
    systemRoles: new SystemRoles(database, outbox, revocations, clock, config.platform.tenantId),
    roles: new RoleService(database, outbox, revocations, { guard, scope }, clock),
    grants: new GrantService(database, outbox, revocations, { guard, scope }, clock),
    assignments: new AssignmentService(
      database,
      outbox,
      revocations,
      { subjects, accounts, guard, administrators },
      scope,
    ),
    permissions: new PermissionService(database, subjects, scope),
    decisions: new DecisionService(database, subjects, scope),
  };
}

/** Roles, permissions and decisions. */
export const authz = defineSubgraph({
  name: 'authz',
  entities: [Role, RolePermission, DefaultGrant, Subject, Assignment],
  sections: authzSections,
  needs: ['callerToken.privateKey'],
  compose(infrastructure) {
    const { scope, subjects, guard, systemRoles, roles, grants, assignments, permissions, decisions } =
      authzServices(infrastructure);
    return {
      resolvers: [
        new RoleResolver(roles, grants),
        new UserResolver(assignments),
        new PermissionResolver(permissions),
        new DecisionResolver(decisions),
        new GrantHolderResolver(),
        new IdentityResolver(guard, subjects),
      ],
      references: references(subjects),
      access,
      targets,
      loaders: () => createLoaders(infrastructure.database, subjects, scope),
      handlers: [
        assignUserRoleWhenUserRegistered(subjects),
        assignUserRoleWhenUserCreated(subjects),
        removeRoleAssignmentsWhenUserDeleted(subjects),
        eraseEventCopiesWhenUserDeleted,
        refreshStateWhenUserLocked(subjects),
        refreshStateWhenUserUnlocked(subjects),
      ],
      parts: [systemRoles],
    };
  },
});
