import type { EntityManager } from 'typeorm';
import { AuthenticationMethod } from '../../entities/index.js';

/** How one account can be signed in to, and what protects it besides. */
export interface LoginMethods {
  readonly password: boolean;
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
  /** Whether a password alone does not sign in: recovery codes were made, so that losing a device locks nobody out. */
  readonly secondStep: boolean;
  /** Linked accounts at external providers. */
  readonly externalIdentities: number;
}

export async function loginMethodsOf(manager: EntityManager, userId: string): Promise<LoginMethods> {
  const [methods]: [LoginMethods] = await manager.query(
    `SELECT EXISTS (SELECT FROM credentials WHERE user_id = $1) AS password,
       EXISTS (SELECT FROM totp_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS totp,
       (SELECT count(*)::int FROM passkeys WHERE user_id = $1) AS passkeys,
       (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS "recoveryCodesLeft",
       EXISTS (SELECT FROM recovery_codes WHERE user_id = $1) AS "secondStep",
       (SELECT count(*)::int FROM external_identities WHERE user_id = $1) AS "externalIdentities"`,
    [userId],
  );
  return methods;
}

/** Whether a passkey or an authenticator app protects the account. */
export const hasFactor = ({ totp, passkeys }: LoginMethods): boolean => totp || passkeys > 0;

/** By what a session of the account can prove its user again. */
export const proofsOf = ({ password, totp, passkeys, externalIdentities }: LoginMethods): AuthenticationMethod[] => [
  ...(password ? [AuthenticationMethod.PASSWORD] : []),
  ...(totp ? [AuthenticationMethod.TOTP] : []),
  ...(passkeys > 0 ? [AuthenticationMethod.PASSKEY] : []),
  ...(externalIdentities > 0 ? [AuthenticationMethod.EXTERNAL] : []),
];

/** Whether any way leads into the account. */
export const canSignInBy = ({ password, passkeys, externalIdentities }: LoginMethods): boolean =>
  password || passkeys > 0 || externalIdentities > 0;
