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
   * What `check` makes of a guess at the account (a normalised address, known or not); it is told whether the account was signed in
   * from this network before. One that answers false or null has failed, and counts.
   * @param counted by which failures are counted: the account, unless something else of it is guessed.
   * @throws RateLimited at once, without checking, while a wait lasts.
   */
  async guarded<T>(address: string, check: (fromKnown: boolean) => Promise<T>, counted = address): Promise<T> {
    const account = createHash('sha256').update(counted).digest('base64url');
    const network = currentNetwork();
    const known = await this.networks.has(address, network);
    const { ownGate, networkGate } = await this.gatesAt(account, network, known);
    const gates = [ownGate, ...(networkGate ? [networkGate] : [])];
    await this.gates.refuseWaiting(gates);
    const entered: Gate[] = [];
    let checked: T;
    try {
      for (const gate of gates) {
        await this.gates.enter(gate);
        entered.push(gate);
      }
      checked = await check(known);
      if (!checked) {
        if (!known) await this.cache.increment(FAILURES, this.config.window);
        return checked;
      }
    } catch (error) {
      for (const gate of entered) await this.gates.leave(gate);
      throw error;
    }
    await this.gates.reset(ownGate);
    if (networkGate) await this.gates.leave(networkGate);
    return checked;
  }

  /** The same of what cannot be guessed, such as a signature: failures count at the network alone, and keep no owner out elsewhere. */
  async fromNetwork<T>(check: () => Promise<T>): Promise<T> {
    const network = currentNetwork();
    if (network === null) return check();
    const gate = { key: `login:network:${network}`, policy: await this.policyForStrangers() };
    await this.gates.enter(gate);
    const checked = await check().catch(async (error) => {
      await this.gates.leave(gate);
      throw error;
    });
    if (checked) await this.gates.leave(gate);
    return checked;
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
