import type { Caller } from '@platform/auth';
import { WeightedCache } from '@platform/foundation/weighted-cache';

/** That a key was used; `at` to the minute. */
export interface ApiKeyUse {
  readonly id: string;
  readonly organizationId: string;
  readonly at: Date;
  readonly ipAddress: string | undefined;
}

const MINUTE_MS = 60_000;
const MAX_BYTES = 4 * 1024 * 1024;
const ENTRY = 200;

/** Tells the owner of keys when they are used: of each key once a minute, and nobody waits for it. */
export class ApiKeyUses {
  private readonly told = new WeightedCache<number>({ bytes: MAX_BYTES, weigh: () => ENTRY, lifetime: 2 * MINUTE_MS });

  constructor(
    private readonly tell: (use: ApiKeyUse) => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add({ apiKeyId, tenantId }: Caller, ipAddress: string | undefined): void {
    if (apiKeyId === null) return;
    const minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    if (this.told.get(apiKeyId) === minute) return;
    this.told.set(apiKeyId, minute);
    this.tell({ id: apiKeyId, organizationId: tenantId, at: new Date(minute), ipAddress }).catch(this.onFailure);
  }
}
