import { serviceCaller } from '@platform/auth';
import { actingTenant } from '@platform/postgres/tenancy';
import type { PeerClient } from '@platform/subgraph-server/subgraph';
import type { TenancyMode } from '../config.js';

/** An account, as identity has committed it. */
export interface Account {
  readonly id: string;
  readonly status: 'ACTIVE' | 'LOCKED' | 'DELETED';
  /** In the organization that is acted for. */
  readonly canSignIn: boolean;
  /** Identity is about to change it: what is told here may be over in a moment. */
  readonly changing: boolean;
  /** Whether the user belongs to the organization that is acted for, suspended or not; everybody does where there is one alone. */
  readonly member: boolean;
}

const statesWith = (fields: string): string =>
  `query AccountStates($ids: [ID!]!) { accountStates(ids: $ids) { id status canSignIn changing ${fields} } }`;

const STATES = { single: statesWith(''), multi: statesWith('member') };

/** As many as identity tells of at a time. */
export const MAX_ACCOUNTS = 100;

/** Which accounts there are and what they can be used for, asked of identity when a decision must not be late. */
export class AccountDirectory {
  constructor(
    private readonly identity: PeerClient,
    private readonly mode: TenancyMode,
  ) {}

  /** Those of the accounts that exist or existed. @param ids at most 100. @throws ServiceUnavailable */
  async states(ids: readonly string[]): Promise<Account[]> {
    if (ids.length === 0) return [];
    const caller = serviceCaller('authz', actingTenant());
    const { accountStates } = await this.identity.ask<{ accountStates: Account[] }>(caller, STATES[this.mode], { ids });
    return this.mode === 'multi' ? accountStates : accountStates.map((account) => ({ ...account, member: true }));
  }

  /** Those of the accounts that belong to members of the organization; where there is one organization, identity is not asked. @throws ServiceUnavailable */
  async membersAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (this.mode === 'single') return new Set(ids);
    const members = new Set<string>();
    for (let at = 0; at < ids.length; at += MAX_ACCOUNTS) {
      for (const { id, member } of await this.states(ids.slice(at, at + MAX_ACCOUNTS))) if (member) members.add(id);
    }
    return members;
  }
}
