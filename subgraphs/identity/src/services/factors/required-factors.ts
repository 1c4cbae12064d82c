import type { EntityManager } from 'typeorm';
import { MfaEnrollmentRequired } from '../../entities/index.js';
import { hasFactor, loginMethodsOf } from './login-methods.js';

/** Whether an organization that the user can act in asks for a second factor. */
export async function asksForFactor(manager: EntityManager, userId: string): Promise<boolean> {
  const rows: unknown[] = await manager.query(
    `SELECT FROM memberships_of($1) m JOIN organizations o ON o.id = m.tenant_id
     WHERE m.status = 'ACTIVE' AND o.status = 'ACTIVE' AND o.mfa_required LIMIT 1`,
    [userId],
  );
  return rows.length > 0;
}

/** Nobody gives up the last factor that an organization of theirs asks for. @throws MfaEnrollmentRequired */
export async function assertFactorRemains(tx: EntityManager, userId: string): Promise<void> {
  if (hasFactor(await loginMethodsOf(tx, userId)) || !(await asksForFactor(tx, userId))) return;
  throw new MfaEnrollmentRequired('An organization of yours asks for a second factor. Add another one first.');
}
