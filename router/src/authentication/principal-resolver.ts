import {
  ALL_TENANTS_VERSION,
  anonymousCaller,
  type Caller,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  undecidedPermissions,
  userCaller,
  userVersion,
} from '@platform/auth';
import { Coalescer } from '@platform/foundation/coalesce';
import { Unauthenticated } from '@platform/foundation/errors';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { AccessClaims } from './token-verifier.js';

/** Asks the owners of sessions and permissions. */
export interface CallerOwners {
  /** True while the session and its user are alive. Rejects when that cannot be found out. */
  isSessionActive(caller: Caller): Promise<boolean>;
  /**
   * True while the key that signed the caller's token is published. `stamp` is the version of the keys as it was read just now, null
   * when it could not be. Rejects when that cannot be found out.
   */
  isKeyActive(keyId: string | null, stamp: string | null): Promise<boolean>;
  /** The caller's permission codes. Rejects when they cannot be found out. */
  permissionsOf(caller: Caller): Promise<readonly string[]>;
}

/** Tells who a caller is by the claims of their token; null claims are an anonymous caller's. */
export interface Callers {
  /** @throws Unauthenticated when the session has ended; AuthenticationUnavailable when nobody can say. */
  resolve(claims: AccessClaims | null): Promise<Caller>;
}

/** What one permission takes, in bytes. */
const PERMISSION = 100;

interface KeptCaller {
  readonly caller: Caller;
  readonly stamps: readonly string[];
}

/**
 * Callers with their permissions. A kept caller is used only while the revocation versions it was read under still stand, which one read per request tells;
 * when the stamps cannot be read, the owners are asked each time.
 */
export class PrincipalResolver implements Callers {
  private readonly kept: WeightedCache<KeptCaller>;
  private readonly resolving = new Coalescer<KeptCaller>();

  constructor(
    private readonly owners: CallerOwners,
    private readonly stamps: RevocationVersions,
    private readonly options: {
      tenantId: string;
      memory: number;
      lifetime: number;
      /** Hears why nobody can tell for now what a caller holds. */
      onFailure?: (error: unknown) => void;
    },
  ) {
    this.kept = new WeightedCache({
      bytes: options.memory,
      weigh: ({ caller }) => 1_000 + caller.permissions.size * PERMISSION,
      lifetime: options.lifetime,
    });
  }

  async resolve(claims: AccessClaims | null): Promise<Caller> {
    const keys = claims
      ? [userVersion(claims.subject), ALL_TENANTS_VERSION, SIGNING_KEYS_VERSION]
      : [ALL_TENANTS_VERSION];
    const stamps = await this.stamps.read(keys).catch(() => null);
    if (!stamps) return this.askOwners(claims, null).then(({ caller }) => caller);

    const key = claims ? `${claims.subject} ${claims.sessionId} ${claims.tenantId} ${claims.keyId}` : 'anonymous';
    const kept = this.kept.get(key);
    if (kept && sameStamps(kept.stamps, stamps)) return kept.caller;
    return this.resolveAnew(key, stamps, claims);
  }

  private async resolveAnew(key: string, stamps: readonly string[], claims: AccessClaims | null): Promise<Caller> {
    const resolved = await this.resolving.run(`${key} ${stamps.join(' ')}`, async () => {
      const { caller, complete } = await this.askOwners(claims, stamps.at(-1) ?? null);
      const fresh = { caller, stamps };
      if (complete) this.kept.set(key, fresh);
      return fresh;
    });
    return resolved.caller;
  }

  /** Without the owner of permissions they are undecided; such an answer is not kept. */
  private async askOwners(
    claims: AccessClaims | null,
    keysStamp: string | null,
  ): Promise<{ caller: Caller; complete: boolean }> {
    const bare = claims
      ? userCaller(claims.subject, claims.sessionId, claims.tenantId ?? this.options.tenantId)
      : anonymousCaller(this.options.tenantId);
    const [trusted, alive, permissions] = await Promise.all([
      claims === null || this.owners.isKeyActive(claims.keyId, keysStamp),
      claims === null || this.owners.isSessionActive(bare),
      this.owners.permissionsOf(bare).catch((error: unknown) => {
        this.options.onFailure?.(error);
        return null;
      }),
    ]);
    if (!trusted) throw new Unauthenticated('The access token is not valid.');
    if (!alive) throw new Unauthenticated('The session has ended.');
    if (!permissions) return { caller: { ...bare, permissions: undecidedPermissions }, complete: false };
    return { caller: { ...bare, permissions: new Set(permissions) }, complete: true };
  }
}

const sameStamps = (kept: readonly string[], read: readonly string[]): boolean =>
  kept.length === read.length && kept.every((stamp, index) => stamp === read[index]);
