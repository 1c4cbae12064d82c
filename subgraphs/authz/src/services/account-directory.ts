import { serviceCaller } from '@platform/auth';
import type { PeerClient } from '@platform/subgraph-server/subgraph';

/** An account, as identity has committed it. */
export interface Account {
  readonly id: string;
  readonly status: 'ACTIVE' | 'LOCKED' | 'DELETED';
  readonly canSignIn: boolean;
  /** Identity is about to change it: what is told here may be over in a moment. */
  readonly changing: boolean;
}

const STATES = 'query AccountStates($ids: [ID!]!) { accountStates(ids: $ids) { id status canSignIn changing } }';

/** As many as identity tells of at a time. */
export const MAX_ACCOUNTS = 100;

/** Which accounts there are and what they can be used for, asked of identity when a decision must not be late. */
export class AccountDirectory {
  constructor(
    private readonly identity: PeerClient,
    private readonly tenantId: string,
  ) {}

  /** Those of the accounts that exist or existed. @param ids at most 100. @throws ServiceUnavailable */
  async states(ids: readonly string[]): Promise<Account[]> {
    if (ids.length === 0) return [];
    const caller = serviceCaller('authz', this.tenantId);
    return (await this.identity.ask<{ accountStates: Account[] }>(caller, STATES, { ids })).accountStates;
  }
}
