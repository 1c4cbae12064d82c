import {
  ALL_TENANTS_VERSION,
  anonymousCaller,
  apiKeyCaller,
  apiKeyVersion,
  type Caller,
  NO_ORGANIZATION,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  serviceAccountVersion,
  tenantVersion,
  undecidedPermissions,
  userCaller,
  userVersion,
} from '@platform/auth';
import { Coalescer } from '@platform/foundation/coalesce';
import { Unauthenticated } from '@platform/foundation/errors';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import { BadRequest } from '../errors.js';
import { type FindOrganization, OrganizationNames } from '../organizations/index.js';
import { InvalidApiKey } from './api-keys.js';
import type { AccessClaims } from './token-verifier.js';
import type { ApiKeyClaim, FindApiKey } from './usable-api-key.js';

/** A session that has ended, one whose user may act in the organization that was asked for, and one whose user may not. */
export type SessionState = 'ended' | 'active' | 'outside';

/** Asks the owners of sessions, permissions and organizations. */
export interface CallerOwners {
  /** @param organizationId that the session's user acts in; null asks for the session alone. Rejects when that cannot be found out. */
  sessionOf(caller: Caller, organizationId: string | null): Promise<SessionState>;
  /**
   * True while the key that signed the caller's token is published. `stamp` is the version of the keys as it was read just now, null
   * when it could not be. Rejects when that cannot be found out.
   */
  isKeyActive(keyId: string | null, stamp: string | null): Promise<boolean>;
  /** The caller's permission codes. Rejects when they cannot be found out. */
  permissionsOf(caller: Caller): Promise<readonly string[]>;
  organizationNamed: FindOrganization;
  apiKeyBy: FindApiKey;
}

/** Tells who a caller is by the claims of their token; null claims are an anonymous caller's. */
export interface Callers {
  /**
   * @param organization that the request names, by its slug or id.
   * @throws Unauthenticated when the session has ended; BadRequest when the token is of another organization;
   * AuthenticationUnavailable when nobody can say.
   */
  resolve(claims: AccessClaims | null, organization?: string): Promise<Caller>;
}

interface PrincipalOptions {
  /** The default organization. */
  readonly tenantId: string;
  readonly memory: number;
  readonly lifetime: number;
  /** Hears why nobody can tell for now what a caller holds. */
  readonly onFailure?: (error: unknown) => void;
}

/** What one permission takes, in bytes. */
const PERMISSION = 100;

interface KeptCaller {
  readonly caller: Caller;
  readonly stamps: readonly string[];
}

/** A caller as it was resolved; incomplete without the owner of permissions. */
interface Resolved {
  readonly caller: Caller;
  readonly complete: boolean;
}

/**
 * Callers with their organization and permissions. A kept caller is used only while the revocation versions it was read under still
 * stand, which one read per request tells; when the stamps cannot be read, the owners are asked each time.
 */
export class PrincipalResolver implements Callers {
  private readonly kept: WeightedCache<KeptCaller>;
  private readonly resolving = new Coalescer<KeptCaller>();
  private readonly names: OrganizationNames;

  constructor(
    private readonly owners: CallerOwners,
    private readonly stamps: RevocationVersions,
    private readonly options: PrincipalOptions,
  ) {
    this.kept = new WeightedCache({
      bytes: options.memory,
      weigh: ({ caller }) => 1_000 + caller.permissions.size * PERMISSION,
      lifetime: options.lifetime,
    });
    this.names = new OrganizationNames((name) => owners.organizationNamed(name));
  }

  async resolve(claims: AccessClaims | null, organization?: string): Promise<Caller> {
    const name = organization === claims?.tenantId ? undefined : organization;
    const named = name === undefined ? undefined : await this.names.last(name);
    const bare = this.bareCaller(claims, named);
    const keys = stampsOf(bare);
    const stamps = await this.stamps.read(named ? [...keys, tenantVersion(named)] : keys).catch(() => null);
    if (name !== undefined && named) {
      const stamp = stamps && `${stamps[keys.length]} ${stamps[keys.indexOf(ALL_TENANTS_VERSION)]}`;
      // Another one by now, whose version has not been read.
      if ((await this.names.current(name, named, stamp)) !== named) return this.resolve(claims, organization);
    }
    const caller = await this.resolveUnder(stamps?.slice(0, keys.length), claims, bare);
    // Who acts in no organization acts in none, whatever the request names.
    if (claims && named !== undefined && caller.tenantId !== named && caller.tenantId !== NO_ORGANIZATION) {
      throw new BadRequest('The request is for another organization than the access token.');
    }
    return caller;
  }

  /** Who is to be found out about. Anonymous callers are in the organization that they name, if there is one. */
  private bareCaller(claims: AccessClaims | null, named: string | null | undefined): Caller {
    const { tenantId } = this.options;
    if (!claims) return anonymousCaller(named === undefined ? tenantId : (named ?? NO_ORGANIZATION));
    if (claims.apiKey)
      return apiKeyCaller(claims.apiKey.key.id, claims.apiKey.key.owner, claims.apiKey.key.organizationId);
    return userCaller(claims.subject, claims.sessionId, claims.tenantId ?? NO_ORGANIZATION);
  }

  private async resolveUnder(
    stamps: readonly string[] | undefined,
    claims: AccessClaims | null,
    bare: Caller,
  ): Promise<Caller> {
    if (!stamps) return (await this.askOwners(claims, bare, null)).caller;
    const key = cacheKeyOf(claims, bare);
    const kept = this.kept.get(key);
    if (kept && sameStamps(kept.stamps, stamps)) return kept.caller;
    const resolved = await this.resolving.run(`${key} ${stamps.join(' ')}`, async () => {
      const { caller, complete } = await this.askOwners(claims, bare, stamps.at(-1) ?? null);
      const fresh = { caller, stamps };
      if (complete) this.kept.set(key, fresh);
      return fresh;
    });
    return resolved.caller;
  }

  /** Nothing is asked on behalf of a user in an organization before it is known that they may act there. */
  private async askOwners(claims: AccessClaims | null, bare: Caller, keysStamp: string | null): Promise<Resolved> {
    if (!claims) return this.withPermissions(bare);
    if (claims.apiKey) return this.withScopes(claims.apiKey, bare);
    const organizationId = bare.tenantId === NO_ORGANIZATION ? null : bare.tenantId;
    const state = await this.activeSession(claims, bare, keysStamp, organizationId);
    return this.withPermissions(state === 'active' ? bare : { ...bare, tenantId: NO_ORGANIZATION });
  }

  /** What the key's owner may do now, as far as the key is meant for it. @throws Unauthenticated */
  private async withScopes({ hash, key }: ApiKeyClaim, bare: Caller): Promise<Resolved> {
    const usable = await this.owners.apiKeyBy(hash);
    if (!usable || usable.id !== key.id) throw new InvalidApiKey();
    const { caller: owner, complete } = await this.withPermissions({ ...bare, apiKeyId: null });
    const caller = { ...owner, apiKeyId: bare.apiKeyId };
    const narrowed = complete && (usable.scopes.length > 0 || 'userId' in usable.owner);
    if (!narrowed) return { caller, complete };
    const permissions = new Set(usable.scopes.filter((code) => caller.permissions.has(code)));
    return { caller: { ...caller, permissions }, complete };
  }

  /** @throws Unauthenticated */
  private async activeSession(
    claims: AccessClaims,
    bare: Caller,
    keysStamp: string | null,
    organizationId: string | null,
  ): Promise<SessionState> {
    const [trusted, state] = await Promise.all([
      this.owners.isKeyActive(claims.keyId, keysStamp),
      this.owners.sessionOf(bare, organizationId),
    ]);
    if (!trusted) throw new Unauthenticated('The access token is not valid.');
    if (state === 'ended') throw new Unauthenticated('The session has ended.');
    return state;
  }

  /** Without the owner of permissions they are undecided; such an answer is not kept. */
  private async withPermissions(bare: Caller): Promise<Resolved> {
    try {
      const permissions = await this.owners.permissionsOf(bare);
      return { caller: { ...bare, permissions: new Set(permissions) }, complete: true };
    } catch (error) {
      this.options.onFailure?.(error);
      return { caller: { ...bare, permissions: undecidedPermissions }, complete: false };
    }
  }
}

/** What a caller is kept by: those of one token or one key are the same. */
function cacheKeyOf(claims: AccessClaims | null, { tenantId }: Caller): string {
  if (!claims) return `anonymous ${tenantId}`;
  if (claims.apiKey) return `api-key ${claims.apiKey.key.id}`;
  return `${claims.subject} ${claims.sessionId} ${claims.tenantId} ${claims.keyId}`;
}

/** What is read for each request of a caller; the version of the key last, which signed their token or is theirs. */
function stampsOf({ userId, serviceAccountId, apiKeyId, tenantId }: Caller): string[] {
  const everyones = [tenantVersion(tenantId), ALL_TENANTS_VERSION];
  const key = apiKeyId === null ? SIGNING_KEYS_VERSION : apiKeyVersion(apiKeyId);
  if (userId !== null) return [userVersion(userId), ...everyones, key];
  if (serviceAccountId !== null) return [serviceAccountVersion(serviceAccountId), ...everyones, key];
  return everyones;
}

const sameStamps = (kept: readonly string[], read: readonly string[]): boolean =>
  kept.length === read.length && kept.every((stamp, index) => stamp === read[index]);
