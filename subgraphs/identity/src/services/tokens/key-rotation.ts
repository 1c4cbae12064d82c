import { signingKeyRevoked, signingKeyRotated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import type { IdentityConfig } from '../../config.js';
import { SigningKey, type SigningKeyState } from '../../entities/index.js';
import type { SigningKeys } from './signing-keys.js';

/** A key as an operator sees it. */
export interface DescribedKey {
  readonly key: SigningKey;
  readonly state: SigningKeyState;
}

/** Clocks differ, and a token that was begun is signed a moment later. In ms. */
const MARGIN = 60_000;

type RotationConfig = Pick<IdentityConfig, 'accessTokenLifetime' | 'keyRotation'>;

/** Puts new signing keys in the place of old ones. A change and its event commit together, one process at a time. */
export class KeyRotation {
  constructor(
    private readonly keys: SigningKeys,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly config: RotationConfig,
  ) {}

  /** Publishes a new key, which signs after `keyRotation.prePublish`; the others stay good for what they have signed until then. */
  rotate(operator: string | null): Promise<SigningKey> {
    return this.keys.changing((tx) => this.supersede(tx, operator));
  }

  /** Like `rotate`, when the newest key is older than `keyRotation.interval`; null when it is not, or another process was first. */
  rotateWhenDue(): Promise<SigningKey | null> {
    const { interval } = this.config.keyRotation;
    return this.keys.changing(async (tx) => {
      await this.eraseRetired(tx);
      const [newest] = await this.keys.published(tx);
      if (interval === 0 || !newest || newest.signsFrom.getTime() + interval > this.clock.now().getTime()) return null;
      return this.supersede(tx, null);
    });
  }

  /** Ends every key that is published, and all tokens that they signed, at once. A new one signs from now on. */
  revokeAll(operator: string | null): Promise<SigningKey> {
    return this.keys.changing(async (tx) => {
      const now = this.clock.now();
      for (const key of await this.keys.published(tx)) {
        key.revoke(now);
        await tx.save(key);
        await this.outbox.add(tx, signingKeyRevoked, {
          subject: key.kid,
          actor: null,
          data: { keyId: key.kid, operator },
        });
      }
      return this.introduce(tx, now, operator);
    });
  }

  /** Every key, newest first. */
  list(): Promise<DescribedKey[]> {
    return this.keys.changing(async (tx) => {
      const signing = await this.keys.signing(tx);
      const all = await tx.find(SigningKey, { order: { signsFrom: 'DESC' } });
      return all.map((key) => ({ key, state: this.stateOf(key, signing) }));
    });
  }

  private async supersede(tx: EntityManager, operator: string | null): Promise<SigningKey> {
    const signsFrom = this.clock.now().getTime() + this.config.keyRotation.prePublish;
    const lastTokenExpires = new Date(signsFrom + this.config.accessTokenLifetime + MARGIN);
    for (const key of await this.keys.published(tx)) {
      key.supersede(lastTokenExpires);
      await tx.save(key);
    }
    return this.introduce(tx, new Date(signsFrom), operator);
  }

  private async introduce(tx: EntityManager, signsFrom: Date, operator: string | null): Promise<SigningKey> {
    const key = await this.keys.add(tx, signsFrom);
    await this.outbox.add(tx, signingKeyRotated, {
      subject: key.kid,
      actor: null,
      data: { keyId: key.kid, operator, signsFrom: signsFrom.toISOString() },
    });
    return key;
  }

  /** What no longer signs must not be stolen, either. */
  private async eraseRetired(tx: EntityManager): Promise<void> {
    await tx.update(SigningKey, { retiredAt: LessThanOrEqual(this.clock.now()) }, { privateKey: Buffer.alloc(0) });
  }

  private stateOf(key: SigningKey, signing: SigningKey | null): SigningKeyState {
    const now = this.clock.now();
    if (!key.isPublished(now)) return 'RETIRED';
    if (key.kid === signing?.kid) return 'SIGNING';
    return key.signsFrom > now ? 'NEXT' : 'VERIFYING';
  }
}
