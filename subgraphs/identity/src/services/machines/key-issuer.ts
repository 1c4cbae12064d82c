import { type Caller, newApiKeySecret } from '@platform/auth';
import { apiKeyCreated, permissions } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import type { EntityManager } from 'typeorm';
import { ApiKey, PrivilegeEscalation, UnknownPermission } from '../../entities/index.js';
import { InputCheck, InvalidValue, machineName } from '../../entities/rules/index.js';
import { secretHash } from '../tokens/index.js';
import { MAX_SCOPES } from './limits.js';

/** What a client wants of a key. */
export interface KeyWish {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date | null;
}

/** A key as it will be, for an owner who is still to be named. */
export type CheckedKey = Pick<ApiKey, 'name' | 'scopes' | 'expiresAt'>;

type KeyOwner = Pick<ApiKey, 'organizationId' | 'userId' | 'serviceAccountId'>;

/** A key, and its secret the only time that anybody has it. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** Makes keys. Nobody makes one that may do what they may not do themselves. */
export class KeyIssuer {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    /** `maxLifetime` in ms; null where keys may live for ever. */
    private readonly rules: { readonly prefix: string; readonly maxLifetime: number | null },
  ) {}

  /** @throws BadUserInput, UnknownPermission, PrivilegeEscalation */
  checked(caller: Caller, wish: KeyWish, needsScopes: boolean): CheckedKey {
    const check = new InputCheck();
    const name = check.field('name', () => machineName(wish.name));
    const scopes = check.field('scopes', () => distinctScopes(wish.scopes, needsScopes));
    const expiresAt = check.field('expiresAt', () => this.expiry(wish.expiresAt ?? null));
    check.finish();
    const unknown = scopes.filter((code) => !Object.hasOwn(permissions, code));
    if (unknown.length > 0) throw new UnknownPermission(unknown);
    const missing = scopes.filter((code) => !caller.permissions.has(code));
    if (missing.length > 0) throw new PrivilegeEscalation(missing);
    return { name, scopes, expiresAt };
  }

  async issue(tx: EntityManager, owner: KeyOwner, checked: CheckedKey): Promise<IssuedKey> {
    const { secret, prefix } = newApiKeySecret(this.rules.prefix);
    const draft = { ...owner, ...checked, prefix, secretHash: secretHash(secret) };
    const key = ApiKey.create(draft, this.clock.now());
    await tx.insert(ApiKey, key);
    await this.outbox.add(tx, apiKeyCreated, { subject: key.id, data: announced(key) });
    return { key, secret };
  }

  /** Where lives are bounded, a key without an end has the longest one. @throws InvalidValue */
  private expiry(wanted: Date | null): Date | null {
    const now = this.clock.now();
    const { maxLifetime } = this.rules;
    const latest = maxLifetime === null ? null : new Date(now.getTime() + maxLifetime);
    if (wanted === null) return latest;
    if (wanted <= now) throw new InvalidValue('This is not in the future.');
    if (latest && wanted > latest) throw new InvalidValue(`At the latest ${latest.toISOString()}.`);
    return wanted;
  }
}

/** What events tell of a key. */
export const announced = (key: ApiKey) => ({ keyId: key.id, ...key.ownerOf, scopes: key.scopes });

function distinctScopes(scopes: readonly string[], needsScopes: boolean): string[] {
  if (needsScopes && scopes.length === 0) throw new InvalidValue('At least one permission.');
  if (scopes.length > MAX_SCOPES) throw new InvalidValue(`At most ${MAX_SCOPES} permissions.`);
  if (scopes.some(({ length }) => length > 200)) throw new InvalidValue('At most 200 characters each.');
  return [...new Set(scopes)].sort();
}
