/** LOCKED users exist but cannot sign in; DELETED ones are anonymised and exist for nobody any more. */
export const UserStatus = { ACTIVE: 'ACTIVE', LOCKED: 'LOCKED', DELETED: 'DELETED' } as const;

export type UserStatus = keyof typeof UserStatus;
