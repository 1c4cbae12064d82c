export { Assignment } from './assignment.entity.js';
export { DefaultGrant } from './default-grant.entity.js';
export {
  AdministratorsChanging,
  LastAdministrator,
  RoleNameTaken,
  RoleNotFound,
  ServiceAccountNotFound,
  SystemRoleProtected,
  UserNotFound,
} from './errors.js';
export { Membership, Organization } from './membership.entity.js';
export { assertCanGrant, declaredPermissions, isDeclared, knownCodes, Permission } from './permission.entity.js';
export { PermissionScope } from './permission-scope.js';
export { Role, type RoleDetails } from './role.entity.js';
export { RolePermission } from './role-permission.entity.js';
export { ServiceAccount, ServiceAccountRole } from './service-account.entity.js';
export { Subject } from './subject.entity.js';
export { ADMIN, GUEST, systemRoles, USER } from './system-role.js';
export { User } from './user.entity.js';
