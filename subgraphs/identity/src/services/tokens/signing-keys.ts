import type { Clock } from '@platform/kernel/clock';
import type { Database } from '@platform/kernel/database';
import type { Part } from '@platform/kernel/lifecycle';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import { type EntityManager, IsNull } from 'typeorm';
import type { IdentityConfig } from '../../config.js';
import { SigningKey } from '../../entities/index.js';
import { seal, unseal } from './sealing.js';

/** The key that signs at present. */
export interface CurrentKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey | Uint8Array;
}

const SEALED_FOR = 'signing-key';

/** The keys that sign access tokens, kept in the database so that every process signs alike. The first process to start makes the first one. */
export class SigningKeys implements Part {
  readonly name = 'signing-keys';
  private key: CurrentKey | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Pick<IdentityConfig, 'signingAlgorithm' | 'keyEncryptionSecret'>,
  ) {}

  async start(): Promise<void> {
    const stored = await this.database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['identity:signing-keys']);
      return (await this.newest(tx)) ?? (await this.generate(tx));
    });
    const privateJwk = unseal(this.config.keyEncryptionSecret, SEALED_FOR, stored.privateKey);
    this.key = {
      kid: stored.kid,
      algorithm: stored.algorithm,
      privateKey: await importJWK(JSON.parse(privateJwk), stored.algorithm),
    };
  }

  get current(): CurrentKey {
    if (!this.key) throw new Error('The signing keys have not been loaded');
    return this.key;
  }

  /** Every public key that may have signed a token which is still good. */
  async publicKeys(): Promise<JSONWebKeySet> {
    const keys = await this.database.read.find(SigningKey, {
      where: { retiredAt: IsNull() },
      order: { createdAt: 'DESC' },
    });
    return { keys: keys.map(({ publicJwk }) => publicJwk as JWK) };
  }

  private newest(tx: EntityManager): Promise<SigningKey | null> {
    return tx.findOne(SigningKey, {
      where: { algorithm: this.config.signingAlgorithm, retiredAt: IsNull() },
      order: { createdAt: 'DESC' },
    });
  }

  private async generate(tx: EntityManager): Promise<SigningKey> {
    const algorithm = this.config.signingAlgorithm;
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const publicJwk = await exportJWK(pair.publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    return tx.save(
      tx.create(SigningKey, {
        kid,
        algorithm,
        publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
        privateKey: seal(this.config.keyEncryptionSecret, SEALED_FOR, JSON.stringify(await exportJWK(pair.privateKey))),
        createdAt: this.clock.now(),
        retiredAt: null,
      }),
    );
  }
}
