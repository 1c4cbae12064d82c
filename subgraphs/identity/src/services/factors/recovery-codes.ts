import { createHmac, hkdfSync, randomInt } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import { type EntityManager, IsNull } from 'typeorm';
import { RecoveryCode } from '../../entities/index.js';

const CODES = 10;
/** Without those that look like others: five bits each. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CHARACTERS = 10;

/** One-time codes of 50 bits for who has lost their second factors. */
export class RecoveryCodes {
  private readonly key: Buffer;

  /** @param secret of high entropy: the codes are of too little for a hash that anybody can compute. */
  constructor(
    private readonly clock: Clock,
    secret: string,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'recovery-codes', 32));
  }

  /** Ten new codes in the place of all before. */
  async replace(tx: EntityManager, userId: string): Promise<string[]> {
    await this.remove(tx, userId);
    const codes = Array.from({ length: CODES }, randomCode);
    const rows = codes.map((code) => ({ userId, hash: this.hash(userId, code), usedAt: null }));
    await tx.insert(RecoveryCode, rows);
    return codes;
  }

  /** Whether it is a code that was not used before. The user's row is locked. */
  async redeem(tx: EntityManager, userId: string, code: string): Promise<boolean> {
    const unused = { userId, hash: this.hash(userId, code), usedAt: IsNull() };
    const { affected } = await tx.update(RecoveryCode, unused, { usedAt: this.clock.now() });
    return affected === 1;
  }

  async remove(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(RecoveryCode, { userId });
  }

  private hash(userId: string, code: string): Buffer {
    const spelled = code.toLowerCase().replaceAll(/[\s-]/g, '');
    return createHmac('sha256', this.key).update(`${userId} ${spelled}`).digest();
  }
}

function randomCode(): string {
  const characters = Array.from({ length: CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${characters.slice(0, CHARACTERS / 2)}-${characters.slice(CHARACTERS / 2)}`;
}
