import type { ApiKeyOwner } from '@platform/auth';

/** An API key that can be used now. */
export interface UsableApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly owner: ApiKeyOwner;
  /** Permission codes that it is narrowed to; all of a service account's where there are none. */
  readonly scopes: readonly string[];
  /** In ms since the epoch; infinite where it does not expire. */
  readonly expiresAt: number;
}

/** Finds the key with this hash (hex); null for one that is unknown, or that nobody may use now. Rejects when that cannot be found out. */
export type FindApiKey = (hash: string) => Promise<UsableApiKey | null>;

/** The key of a bearer who is a machine, and by what it is found again. */
export interface ApiKeyClaim {
  readonly hash: string;
  readonly key: UsableApiKey;
}
