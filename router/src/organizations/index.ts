export { type FindOrganization, OrganizationNames } from './organization-names.js';
export { type OrganizationOfRequest, RequestedOrganization } from './requested-organization.js';
