import { type RevocationVersions, SIGNING_KEYS_VERSION } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Database } from '@platform/postgres/database';
import { withoutTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { type EntityManager, Equal, type FindOptionsWhere, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import type { IdentityConfig } from '../../config.js';
import { SigningKey } from '../../entities/index.js';
import { seal, unseal } from './sealing.js';

/** The key that signs at present. */
export interface CurrentKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey | Uint8Array;
}

/** A key that was ended has no private key any more: it stays ended, whatever the clock says. */
const notRetired = (now: Date): FindOptionsWhere<SigningKey>[] => [
  { retiredAt: IsNull() },
  { retiredAt: MoreThan(now), privateKey: Not(Equal(Buffer.alloc(0))) },
];

const SEALED_FOR = 'signing-key';
const LOCK = 'identity:signing-keys';

/** The keys that sign access tokens, kept in the database so that every process signs alike. The first process to start makes the first one. */
export class SigningKeys implements LifecycleComponent {
  readonly name = 'signing-keys';
  private imported: CurrentKey | undefined;

  constructor(
    private readonly database: Database,
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
    private readonly config: Pick<IdentityConfig, 'signingAlgorithm' | 'keyEncryptionSecret'>,
  ) {}

  async start(): Promise<void> {
    await withoutTenant(async () => {
      await this.changing(async (tx) => {
        if (!(await this.signing(tx))) await this.add(tx, this.clock.now());
      });
      await this.current();
    });
  }

  /** Asked of the database each time, so that every process changes over at the same moment. @throws when there is none */
  async current(): Promise<CurrentKey> {
    const stored = await this.signing(this.database.read);
    if (!stored) throw new Error('No signing key is in force');
    if (this.imported?.kid !== stored.kid) this.imported = await this.opened(stored);
    return this.imported;
  }

  /** Every public key that may have signed a token which is still good, and the one that signs next. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const keys = await this.published(this.database.read);
    return { keys: keys.map(({ publicJwk }) => publicJwk as JWK) };
  }

  /** Newest first. */
  published(tx: EntityManager): Promise<SigningKey[]> {
    return tx.find(SigningKey, {
      where: notRetired(this.clock.now()),
      order: { signsFrom: 'DESC' },
    });
  }

  /** The key that signs now, if one does: the latest whose time has come. Where the clock was set back to before all of them, the first does. */
  async signing(tx: EntityManager): Promise<SigningKey | null> {
    const now = this.clock.now();
    const { signingAlgorithm: algorithm } = this.config;
    const inForce = notRetired(now).map((good) => ({ ...good, algorithm, signsFrom: LessThanOrEqual(now) }));
    return (
      (await tx.findOne(SigningKey, { where: inForce, order: { signsFrom: 'DESC' } })) ??
      tx.findOne(SigningKey, {
        where: notRetired(now).map((good) => ({ ...good, algorithm })),
        order: { signsFrom: 'ASC' },
      })
    );
  }

  /** Runs `change` while no other process changes the keys. */
  changing<T>(change: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK]);
      return change(tx);
    });
  }

  /** Makes a key and lets every router know. Only within `changing`. @throws RevocationStoreUnavailable */
  async add(tx: EntityManager, signsFrom: Date): Promise<SigningKey> {
    const algorithm = this.config.signingAlgorithm;
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    await bumpVersions(tx, this.revocations, [SIGNING_KEYS_VERSION]);
    return tx.save(
      tx.create(SigningKey, {
        kid,
        algorithm,
        publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
        privateKey: seal(this.config.keyEncryptionSecret, SEALED_FOR, JSON.stringify(await exportJWK(pair.privateKey))),
        createdAt: this.clock.now(),
        signsFrom,
        retiredAt: null,
      }),
    );
  }

  private async opened({ kid, algorithm, privateKey }: SigningKey): Promise<CurrentKey> {
    const jwk = JSON.parse(unseal(this.config.keyEncryptionSecret, SEALED_FOR, privateKey));
    return { kid, algorithm, privateKey: await importJWK(jwk, algorithm) };
  }
}
