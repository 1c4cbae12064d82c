import { randomBytes } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { type AuthenticationMethod, Challenge, type ChallengePurpose, InvalidChallenge } from '../../entities/index.js';
import { randomSecret, secretHash } from '../tokens/secret-text.js';

/** How long a challenge can be answered, in ms. */
export const CHALLENGE_LIFETIME = 5 * 60_000;

/** How many answers a challenge takes. */
const ATTEMPTS = 5;

/** What is asked, of whom. */
interface ChallengeDraft {
  readonly purpose: ChallengePurpose;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly methods?: readonly AuthenticationMethod[];
  /** Whether an authenticator can answer. */
  readonly signed: boolean;
}

/** A challenge that was put, with the secret that its answer names. */
export interface PutChallenge {
  readonly secret: string;
  /** What an authenticator signs, base64url. */
  readonly signed: string | null;
}

/** Questions with a secret, an end, and few attempts. */
export class Challenges {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async put(tx: EntityManager, { purpose, userId, sessionId, methods, signed }: ChallengeDraft): Promise<PutChallenge> {
    const secret = randomSecret();
    const toSign = signed ? randomBytes(32).toString('base64url') : null;
    await tx.insert(Challenge, {
      hash: secretHash(secret),
      purpose,
      userId: userId ?? null,
      sessionId: sessionId ?? null,
      signed: toSign,
      methods: [...(methods ?? [])],
      attemptsLeft: ATTEMPTS,
      expiresAt: new Date(this.clock.now().getTime() + CHALLENGE_LIFETIME),
    });
    return { secret, signed: toSign };
  }

  /** The challenge, with one attempt less whatever comes of it. @throws InvalidChallenge */
  attempt(purpose: ChallengePurpose, secret: string, sessionId: string | null = null): Promise<Challenge> {
    return this.database.transaction(async (tx) => {
      const where = { hash: secretHash(secret), purpose };
      const found = await tx.findOne(Challenge, { where, lock: { mode: 'pessimistic_write' } });
      if (!found || found.sessionId !== sessionId || found.attemptsLeft === 0 || found.expiresAt <= this.clock.now()) {
        throw new InvalidChallenge();
      }
      await tx.update(Challenge, { hash: found.hash }, { attemptsLeft: found.attemptsLeft - 1 });
      return found;
    });
  }

  /** Ends the challenge with its right answer. @throws InvalidChallenge when another one came first */
  async close(tx: EntityManager, { hash }: Challenge): Promise<void> {
    const { affected } = await tx.delete(Challenge, { hash });
    if (affected !== 1) throw new InvalidChallenge();
  }
}
