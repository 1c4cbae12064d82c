export { type Policies, permissionCodes } from './policies.js';
export { PolicyEndpoint } from './policy-endpoint.js';
export { type PolicyRule, PolicyRules } from './policy-rules.js';
export { PolicySources } from './policy-sources.js';
export { commonRights, rightsOf, sameRights } from './rights-of.js';
