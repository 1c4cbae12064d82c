export { DecisionResolver } from './decision.resolver.js';
export { GrantHolderResolver } from './grant-holder.resolver.js';
export { IdentityResolver } from './identity.resolver.js';
export { OrganizationResolver } from './organization.resolver.js';
export { PermissionResolver } from './permission.resolver.js';
export { references } from './references.js';
export { RoleResolver } from './role.resolver.js';
export { UserResolver } from './user.resolver.js';
