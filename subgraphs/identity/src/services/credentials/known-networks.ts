import type { Cache } from '@platform/kernel/cache';

/** How long (ms) a network counts as one that the account's owner signs in from. */
const KNOWN_NETWORK_LIFETIME = 30 * 24 * 60 * 60 * 1000;

/** The networks that an account's owner has signed in from. Accounts go by the hash of their address. */
export class KnownNetworks {
  constructor(private readonly cache: Cache) {}

  async has(account: string, network: string | null): Promise<boolean> {
    return network !== null && (await this.cache.get(keyOf(account, network))) !== undefined;
  }

  async remember(account: string, network: string | null): Promise<void> {
    if (network !== null) await this.cache.set(keyOf(account, network), true, KNOWN_NETWORK_LIFETIME);
  }
}

const keyOf = (account: string, network: string): string => `login:known:${account}@${network}`;
