/** How a user was authenticated. */
export enum AuthenticationMethod {
  PASSWORD = 'PASSWORD',
  TOTP = 'TOTP',
  RECOVERY_CODE = 'RECOVERY_CODE',
  PASSKEY = 'PASSKEY',
  EXTERNAL = 'EXTERNAL',
  SSO = 'SSO',
  EMAIL_LINK = 'EMAIL_LINK',
  IMPERSONATION = 'IMPERSONATION',
}

/** What shows more than that somebody knows a secret or reads a mailbox. */
const SECOND_FACTORS: ReadonlySet<AuthenticationMethod> = new Set([
  AuthenticationMethod.TOTP,
  AuthenticationMethod.RECOVERY_CODE,
  AuthenticationMethod.PASSKEY,
]);

export const isSecondFactor = (method: AuthenticationMethod): boolean => SECOND_FACTORS.has(method);
