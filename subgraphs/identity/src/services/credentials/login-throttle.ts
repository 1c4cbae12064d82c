import { createHash } from 'node:crypto';
import type { Cache } from '@platform/kernel/cache';
import type { Clock } from '@platform/kernel/clock';
import { networkOf } from '@platform/kernel/http';
import type { IdentityConfig } from '../../config.js';
import { currentDevice } from '../current-device.js';
import { AttemptGates, type Gate } from './attempt-gates.js';
import type { KnownNetworks } from './known-networks.js';

/**
 * Slows the guessing of passwords down: per account, per network and over all. A network that the account was signed in from before
 * has a counter of its own, so that strangers cannot keep the owner out.
 */
export class LoginThrottle {
  private readonly gates: AttemptGates;

  constructor(
    cache: Cache,
    private readonly networks: KnownNetworks,
    clock: Clock,
    private readonly config: IdentityConfig['loginThrottle'],
  ) {
    this.gates = new AttemptGates(cache, clock, config.window);
  }

  /**
   * Whether the password of the account (a normalised address, known or not) is right, as `check` finds out. A failed check counts.
   * @throws RateLimited at once, without checking, while a wait lasts.
   */
  async guarded(account: string, check: () => Promise<boolean>): Promise<boolean> {
    const place = this.placeOf(account);
    const { ownGate, sharedGates } = await this.gatesAt(place);
    await this.gates.refuseWaiting([ownGate, ...sharedGates]);
    const entered: Gate[] = [];
    try {
      for (const gate of [ownGate, ...sharedGates]) {
        await this.gates.enter(gate);
        entered.push(gate);
      }
      if (!(await check())) return false;
    } catch (error) {
      for (const gate of entered) await this.gates.leave(gate);
      throw error;
    }
    await this.gates.reset(ownGate);
    for (const gate of sharedGates) await this.gates.leave(gate);
    await this.networks.remember(place.account, place.network);
    return true;
  }

  private async gatesAt({ account, network }: Place): Promise<{ ownGate: Gate; sharedGates: Gate[] }> {
    const { perAccount, perIp, global } = this.config;
    const known = await this.networks.has(account, network);
    const own = known ? `login:account:${account}@${network}` : `login:account:${account}`;
    return {
      ownGate: { key: own, policy: perAccount },
      sharedGates: [
        ...(network === null ? [] : [{ key: `login:network:${network}`, policy: perIp }]),
        ...(known ? [] : [{ key: 'login:global', policy: global }]),
      ],
    };
  }

  private placeOf(account: string): Place {
    const { ipAddress } = currentDevice();
    return {
      account: createHash('sha256').update(account).digest('base64url'),
      network: ipAddress === null ? null : networkOf(ipAddress),
    };
  }
}

/** Which account is tried from where. */
interface Place {
  readonly account: string;
  readonly network: string | null;
}
