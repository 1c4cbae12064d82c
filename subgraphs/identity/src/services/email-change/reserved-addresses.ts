import { type EntityManager, IsNull, MoreThan, Not } from 'typeorm';
import { EmailChange } from '../../entities/index.js';

/** The change by which an account has left the address and can take it back; null for an address that is free. */
export const reservationOf = (manager: EntityManager, address: string, now: Date): Promise<EmailChange | null> =>
  manager.findOne(EmailChange, {
    where: { oldEmail: address, confirmedAt: Not(IsNull()), expiresAt: MoreThan(now) },
    order: { confirmedAt: 'DESC' },
  });
