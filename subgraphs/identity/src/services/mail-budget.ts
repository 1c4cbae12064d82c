import { createHash } from 'node:crypto';
import { type Logger, requestContext } from '@platform/foundation/logging';
import type { Cache } from '@platform/redis/cache';
import type { EntityManager } from 'typeorm';
import type { IdentityConfig } from '../config.js';
import { User } from '../entities/index.js';
import type { KnownNetworks } from './credentials/index.js';
import { currentNetwork } from './current-device.js';

/** Mails that anybody can ask for, knowing an address. Each kind has budgets of its own. */
export type RequestedMail = 'registration' | 'verification' | 'reset' | 'email_change';

/**
 * Bounds how many mails strangers can have sent to one address: each network its share, and all together. The owner counts apart, in
 * networks that they have signed in from and, wherever they are, while they are signed in: nobody can use up what the owner needs.
 */
export class MailBudget {
  constructor(
    private readonly cache: Cache,
    private readonly known: KnownNetworks,
    private readonly config: IdentityConfig['mailBudget'],
    private readonly logger: Logger,
  ) {}

  /** Whether one more such mail may leave for the address (normalised); counts it. */
  async take(manager: EntityManager, mail: RequestedMail, address: string): Promise<boolean> {
    const account = createHash('sha256').update(address).digest('base64url');
    const network = currentNetwork();
    const { perNetwork, perRecipient, window } = this.config;
    const counter = `mail-budget:${mail}:${account}`;

    const owner = await isOwner(manager, address);
    const share = owner ? `${counter}@owner` : `${counter}@${network}`;
    const within =
      (await this.cache.increment(share, window)) <= perNetwork &&
      (owner ||
        (await this.known.has(address, network, manager)) ||
        (await this.cache.increment(counter, window)) <= perRecipient);
    if (!within) this.logger.info({ mail }, 'mail budget exhausted; dropping mail');
    return within;
  }
}

/** Whether the request is of the account's owner, signed in. */
async function isOwner(manager: EntityManager, email: string): Promise<boolean> {
  const { userId } = requestContext.current() ?? {};
  return userId !== undefined && manager.existsBy(User, { id: userId, email });
}
