import { createHash } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import type { Cache } from '@platform/redis/cache';
import type { IdentityConfig } from '../../config.js';
import { currentNetwork } from '../current-device.js';
import type { KnownNetworks } from './known-networks.js';
import { type Gate, LoginBackoff, type WaitPolicy } from './login-backoff.js';

/** Counts failures from networks that are new to the accounts tried, over all. */
const FAILURES = 'login:failures';

/** The part of a network's free attempts that it keeps while there are too many failures over all. */
const SHARE_UNDER_PRESSURE = 1 / 4;

/**
 * Slows the guessing of passwords down: per account and per network. An account has a counter of its own at each network that it was
 * signed in from before, and that one alone counts there: strangers cannot keep the owner out, not even from the same network. Failures
 * over all refuse nobody by themselves: many of them shorten what every network may try before it waits, so that who has the right
 * password gets in while guessing from many networks at once slows down.
 */
export class LoginThrottle {
  private readonly gates: LoginBackoff;

  constructor(
    private readonly cache: Cache,
    private readonly networks: KnownNetworks,
    clock: Clock,
    private readonly config: IdentityConfig['loginThrottle'],
  ) {
    this.gates = new LoginBackoff(cache, clock, config.window);
  }

  /**
   * Whether the password of the account (a normalised address, known or not) is right, as `check` finds out; it is told whether the
   * account was signed in from this network before. A failed check counts.
   * @throws RateLimited at once, without checking, while a wait lasts.
   */
  async guarded(address: string, check: (fromKnown: boolean) => Promise<boolean>): Promise<boolean> {
    const account = createHash('sha256').update(address).digest('base64url');
    const network = currentNetwork();
    const known = await this.networks.has(address, network);
    const { ownGate, networkGate } = await this.gatesAt(account, network, known);
    const gates = [ownGate, ...(networkGate ? [networkGate] : [])];
    await this.gates.refuseWaiting(gates);
    const entered: Gate[] = [];
    try {
      for (const gate of gates) {
        await this.gates.enter(gate);
        entered.push(gate);
      }
      if (!(await check(known))) {
        if (!known) await this.cache.increment(FAILURES, this.config.window);
        return false;
      }
    } catch (error) {
      for (const gate of entered) await this.gates.leave(gate);
      throw error;
    }
    await this.gates.reset(ownGate);
    if (networkGate) await this.gates.leave(networkGate);
    return true;
  }

  private async gatesAt(account: string, network: string | null, known: boolean) {
    const policy = this.config.perAccount;
    if (known) return { ownGate: { key: `login:account:${account}@${network}`, policy }, networkGate: null };
    return {
      ownGate: { key: `login:account:${account}`, policy },
      networkGate:
        network === null ? null : { key: `login:network:${network}`, policy: await this.policyForStrangers() },
    };
  }

  private async policyForStrangers(): Promise<WaitPolicy> {
    const { perIp, global } = this.config;
    if (((await this.cache.get<number>(FAILURES)) ?? 0) < global.freeAttempts) return perIp;
    return {
      freeAttempts: Math.max(2, Math.floor(perIp.freeAttempts * SHARE_UNDER_PRESSURE)),
      baseDelay: Math.max(perIp.baseDelay, global.baseDelay),
      maxDelay: Math.max(perIp.maxDelay, global.maxDelay),
    };
  }
}
