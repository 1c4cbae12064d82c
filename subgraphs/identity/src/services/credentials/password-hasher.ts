import { randomBytes } from 'node:crypto';
import { ServiceBusy } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { spelledPassword } from '@platform/foundation/text';
import argon2, { type HashOptions } from 'argon2';
import type { IdentityConfig } from '../../config.js';
import { currentNetwork } from '../current-device.js';
import { FairQueue } from './fair-queue.js';

/** Somebody whose turn has not come yet. */
interface Waiting {
  begin(): void;
  refuse(error: ServiceBusy): void;
}

/** Hashes passwords with argon2id on libuv's threads. Only so many at a time and in waiting: a flood of logins gets SERVICE_BUSY instead of all the memory. */
export class PasswordHasher implements LifecycleComponent {
  readonly name = 'password-hasher';
  private readonly waiting: FairQueue<Waiting>;
  private running = 0;
  private decoy: Promise<string> | undefined;

  constructor(private readonly config: IdentityConfig['argon2']) {
    this.waiting = new FairQueue(config.queueLimit);
  }

  /** Makes the decoy ahead of time: the first unknown account must not take longer than the second. */
  async start(): Promise<void> {
    await this.decoyHash();
  }

  /** @throws ServiceBusy */
  hash(password: string): Promise<string> {
    return this.inTurn(false, () => argon2.hash(spelledPassword(password), this.parameters));
  }

  /**
   * Takes as long for no hash (an unknown account) as for a wrong password.
   * @param fromKnown whether the account was signed in from this network before: such a check goes before strangers' three times of four. @throws ServiceBusy
   */
  async verify(hash: string | null, password: string, fromKnown: boolean): Promise<boolean> {
    const known = hash ?? (await this.decoyHash());
    const right = await this.inTurn(fromKnown, () => argon2.verify(known, spelledPassword(password)));
    return right && hash !== null;
  }

  /** True when the hash was made with other parameters than today's. */
  isOutdated(hash: string): boolean {
    return argon2.needsRehash(hash, this.parameters);
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= argon2.hash(randomBytes(32), this.parameters);
    return this.decoy;
  }

  /** Networks take turns, so that a flood from one keeps nobody else waiting; owners who come from where they signed in before are first, three times of four. */
  private async inTurn<T>(known: boolean, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.config.concurrency) {
      await new Promise<void>((resolve, reject) => {
        const refused = this.waiting.add({ begin: resolve, refuse: reject }, { group: currentNetwork() ?? '', known });
        refused?.refuse(new ServiceBusy());
      });
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.take();
      if (next) next.begin();
      else this.running -= 1;
    }
  }

  private get parameters(): HashOptions {
    const { memoryKib, timeCost, parallelism } = this.config;
    return { type: argon2.argon2id, memoryCost: memoryKib, timeCost, parallelism };
  }
}
