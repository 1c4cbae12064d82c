/** Organizations that one user made and that are not deleted. */
export const MAX_OWN_ORGANIZATIONS = 10;
/** Of one user. */
export const MAX_MEMBERSHIPS = 100;
/** Of one organization, except the default one in single mode: that one has everybody. */
export const MAX_MEMBERS = 10_000;
/** Pending ones, of one organization. */
export const MAX_INVITATIONS = 500;
/** New ones and those that are sent again, of one organization. */
export const MAX_INVITATIONS_A_DAY = 100;
/** New ones and those that are sent again: of one organization, and mails of all of them. */
export const MAX_INVITATIONS_TO_AN_ADDRESS_A_DAY = 10;
/** Of one invitation. */
export const MAX_ROLES = 20;
