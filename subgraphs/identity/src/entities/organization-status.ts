/** The states of an organization. */
export const OrganizationStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED', DELETED: 'DELETED' } as const;
export type OrganizationStatus = keyof typeof OrganizationStatus;

/** The states of a membership. */
export const MembershipStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
export type MembershipStatus = keyof typeof MembershipStatus;

/** The states of an invitation. The row of one that has expired says pending. */
export const InvitationStatus = {
  PENDING: 'PENDING',
  ACCEPTED: 'ACCEPTED',
  DECLINED: 'DECLINED',
  REVOKED: 'REVOKED',
  EXPIRED: 'EXPIRED',
} as const;
export type InvitationStatus = keyof typeof InvitationStatus;
