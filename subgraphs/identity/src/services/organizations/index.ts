export { Admission } from './admission.js';

export { InvitationService } from './invitation.service.js';
export type { InvitationAnswer } from './invitation-links.js';
export { invitationRetention } from './invitation-retention.js';
export { InvitedRegistration } from './invited-registration.js';
export { MemberService } from './member.service.js';
export { Memberships } from './memberships.js';
export { OrganizationService } from './organization.service.js';
export { OrganizationDirectory } from './organization-directory.js';
export { OrganizationErasure } from './organization-erasure.js';
export { PlatformOrganization } from './platform-organization.js';
export { SwitchingService } from './switching.service.js';
