import {
  ALL_TENANTS_VERSION,
  type Caller,
  isUndecided,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  userVersion,
} from '@platform/auth';
import { Unauthenticated } from '@platform/foundation/errors';
import type { Callers } from '../authentication/principal-resolver.js';
import type { ReadingObserver } from '../authentication/repeated-reading.js';
import type { AccessClaims } from '../authentication/token-verifier.js';

/** Told who the caller is now, or that their session has ended. */
type OnChange = (now: Caller | Unauthenticated) => void;

interface WatchedCaller {
  readonly claims: AccessClaims | null;
  readonly watchers: Set<OnChange>;
  stamps: string;
}

/** Callers that are resolved anew at the same time, at most: a change of a role concerns everybody. */
const CONCURRENCY = 20;

/**
 * Finds out, for streams that wait for events, that a session has ended or that permissions have changed: once per interval the version
 * stamps of all callers are read, in one read, and who has changed is resolved anew. While the stamps cannot be read, nobody is ended.
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
  watch(claims: AccessClaims | null, onChange: OnChange): () => void {
    const key = claims ? `${claims.subject} ${claims.sessionId} ${claims.tenantId} ${claims.keyId}` : '';
    const entry = this.watched.get(key) ?? { claims, watchers: new Set(), stamps: '' };
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
    const users = [...new Set(all.flatMap(({ claims }) => (claims ? [claims.subject] : [])))];
    const failures: unknown[] = [];
    const failed = (error: unknown) => {
      failures.push(error);
      return null;
    };
    const read = await this.stamps
      .read([ALL_TENANTS_VERSION, SIGNING_KEYS_VERSION, ...users.map(userVersion)])
      .catch(failed);
    if (!read) return this.observer.failed(failures[0]);
    const [roles = '', signingKeys, ...ofUsers] = read;
    const byUser = new Map(users.map((user, index) => [user, ofUsers[index]]));
    const changed = all.flatMap((entry) => {
      const stamps = entry.claims ? `${roles} ${signingKeys} ${byUser.get(entry.claims.subject)}` : roles;
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
    const now = await this.callers.resolve(entry.claims).catch((error: unknown) => {
      if (error instanceof Unauthenticated) return error;
      throw error;
    });
    if ('permissions' in now && isUndecided(now)) return;
    entry.stamps = stamps;
    for (const tell of [...entry.watchers]) tell(now);
  }
}
