import { type EntityManager, MoreThanOrEqual } from 'typeorm';
import {
  ApiKey,
  Challenge,
  Credential,
  ExternalIdentity,
  Passkey,
  RecoveryCode,
  TotpFactor,
} from '../../entities/index.js';
import { hasFactor, loginMethodsOf } from '../factors/index.js';

/**
 * Takes the ways into an account from whoever has changed its address: the password, which they knew, linked accounts, and second factors
 * and API keys that were added since then. Older ones are its owner's, and stay: who reads an old mailbox alone does not get in. The user's
 * row is locked.
 */
export async function closeWaysIn(tx: EntityManager, userId: string, since: Date): Promise<void> {
  for (const entity of [Credential, Challenge, ExternalIdentity]) await tx.delete(entity, { userId });
  for (const entity of [Passkey, TotpFactor, ApiKey])
    await tx.delete(entity, { userId, createdAt: MoreThanOrEqual(since) });
  if (!hasFactor(await loginMethodsOf(tx, userId))) await tx.delete(RecoveryCode, { userId });
}
