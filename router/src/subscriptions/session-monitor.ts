import {
  ALL_TENANTS_VERSION,
  apiKeyVersion,
  type Caller,
  isUndecided,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  serviceAccountVersion,
  tenantVersion,
  userVersion,
} from '@platform/auth';
import { Unauthenticated } from '@platform/foundation/errors';
import type { Callers } from '../authentication/principal-resolver.js';
import type { ReadingObserver } from '../authentication/repeated-reading.js';
import type { AccessClaims } from '../authentication/token-verifier.js';
import { BadRequest } from '../errors.js';

/** Told who the caller is now, or why they are nobody any more. */
type OnChange = (now: Caller | Unauthenticated | BadRequest) => void;

/** Whom a stream is for. */
interface WatchedPrincipal {
  readonly claims: AccessClaims | null;
  /** The organization that the stream's request names. */
  readonly organization: string | undefined;
  /** Where the caller acts, as it was resolved. */
  readonly tenantId: string;
}

interface WatchedCaller {
  readonly principal: WatchedPrincipal;
  /** The keys whose versions are read. */
  readonly keys: readonly string[];
  readonly watchers: Set<OnChange>;
  stamps: string;
}

/** Callers that are resolved anew at the same time, at most: a change of a role concerns everybody. */
const CONCURRENCY = 20;

/**
 * Finds out, for streams that wait for events, that a session or a membership has ended or that permissions have changed: once per
 * interval the version stamps of all callers are read, in one read, and who has changed is resolved anew. While the stamps cannot be
 * read, nobody is ended.
 */
export class SessionMonitor {
  private readonly watched = new Map<string, WatchedCaller>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly callers: Callers,
    private readonly stamps: RevocationVersions,
    /** In ms. */
    private readonly interval: number,
    private readonly observer: ReadingObserver,
  ) {}

  /** Watches until the answered function is called. */
  watch(principal: WatchedPrincipal, onChange: OnChange): () => void {
    const { claims, organization, tenantId } = principal;
    const token = claims && [claims.subject, claims.sessionId, claims.tenantId, claims.keyId, claims.apiKey?.key.id];
    const key = JSON.stringify([token, organization, tenantId]);
    const entry = this.watched.get(key) ?? { principal, keys: keysOf(principal), watchers: new Set(), stamps: '' };
    entry.watchers.add(onChange);
    this.watched.set(key, entry);
    this.timer ??= this.later();
    return () => {
      entry.watchers.delete(onChange);
      if (entry.watchers.size === 0 && this.watched.get(key) === entry) this.watched.delete(key);
      if (this.watched.size > 0) return;
      clearTimeout(this.timer);
      this.timer = undefined;
    };
  }

  private later(): NodeJS.Timeout {
    return setTimeout(async () => {
      await this.check();
      if (this.timer) this.timer = this.later();
    }, this.interval).unref();
  }

  private async check(): Promise<void> {
    const all = [...this.watched.values()];
    const keys = [...new Set(all.flatMap((entry) => entry.keys))];
    const failures: unknown[] = [];
    const failed = (error: unknown) => {
      failures.push(error);
      return null;
    };
    const read = await this.stamps.read(keys).catch(failed);
    if (!read) return this.observer.failed(failures[0]);
    const stampOf = new Map(keys.map((key, index) => [key, read[index]]));
    const changed = all.flatMap((entry) => {
      const stamps = entry.keys.map((key) => stampOf.get(key)).join(' ');
      return stamps === entry.stamps ? [] : [{ entry, stamps }];
    });
    while (changed.length > 0) {
      const some = changed.splice(0, CONCURRENCY);
      await Promise.all(some.map(({ entry, stamps }) => this.resolve(entry, stamps).catch(failed)));
    }
    if (failures.length > 0) this.observer.failed(failures[0]);
    else this.observer.succeeded();
  }

  /** Who cannot be resolved right now, or not what they may do, is tried again with the next check. @throws what resolving failed with */
  private async resolve(entry: WatchedCaller, stamps: string): Promise<void> {
    const { claims, organization } = entry.principal;
    const now = await this.callers.resolve(claims, organization).catch((error: unknown) => {
      if (error instanceof Unauthenticated || error instanceof BadRequest) return error;
      throw error;
    });
    if ('permissions' in now && isUndecided(now)) return;
    entry.stamps = stamps;
    for (const tell of [...entry.watchers]) tell(now);
  }
}

/** A token's own organization is among them where its user may not act there for now. */
const keysOf = ({ claims, tenantId }: WatchedPrincipal): readonly string[] => [
  ALL_TENANTS_VERSION,
  tenantVersion(tenantId),
  ...(claims ? bearerVersions(claims) : []),
  ...(claims?.tenantId ? [tenantVersion(claims.tenantId)] : []),
];

function bearerVersions({ subject, apiKey }: AccessClaims): readonly string[] {
  if (!apiKey) return [SIGNING_KEYS_VERSION, userVersion(subject)];
  const { id, owner } = apiKey.key;
  return [apiKeyVersion(id), 'userId' in owner ? userVersion(subject) : serviceAccountVersion(subject)];
}
