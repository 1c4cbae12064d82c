import { defineSubgraph, type SubgraphInfrastructure } from '@platform/kernel/subgraph';
import { Assignment, Role, RolePermission, Subject } from './entities/index.js';
import {
  assignUserRoleWhenUserCreated,
  assignUserRoleWhenUserRegistered,
  forgetHoldingsWhenUserDeleted,
} from './events/index.js';
import { createLoaders } from './loaders/index.js';
import { access } from './permissions.js';
import {
  DecisionResolver,
  GrantHolderResolver,
  PermissionResolver,
  RoleResolver,
  references,
  UserResolver,
} from './resolvers/index.js';
import {
  AssignmentService,
  DecisionService,
  GrantService,
  PermissionService,
  RoleService,
  SubjectService,
  SystemRoles,
} from './services/index.js';

/** Authz's services, also for the command line, which seeds the system roles and the first administrator through them. */
export function authzServices({ database, outbox, stamps, clock }: SubgraphInfrastructure) {
  const subjects = new SubjectService(database, outbox, stamps, clock);
  return {
    subjects,
    systemRoles: new SystemRoles(database, outbox, clock),
    roles: new RoleService(database, outbox, stamps, clock),
    grants: new GrantService(database, outbox, stamps, clock),
    assignments: new AssignmentService(database, outbox, stamps, subjects),
    permissions: new PermissionService(database, subjects),
    decisions: new DecisionService(database),
  };
}

/** Roles, permissions and decisions. */
export const authz = defineSubgraph({
  name: 'authz',
  entities: [Role, RolePermission, Subject, Assignment],
  sections: {},
  compose(infrastructure) {
    const { subjects, systemRoles, roles, grants, assignments, permissions, decisions } = authzServices(infrastructure);
    return {
      resolvers: [
        new RoleResolver(roles, grants),
        new UserResolver(assignments),
        new PermissionResolver(permissions),
        new DecisionResolver(decisions),
        new GrantHolderResolver(),
      ],
      references: references(subjects),
      access,
      loaders: () => createLoaders(infrastructure.database),
      handlers: [
        assignUserRoleWhenUserRegistered(subjects),
        assignUserRoleWhenUserCreated(subjects),
        forgetHoldingsWhenUserDeleted(subjects),
      ],
      parts: [systemRoles],
    };
  },
});
