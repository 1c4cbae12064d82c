import { z } from 'zod';
import { instanceOptions } from './instances-option.js';
import { kafkaSection } from './kafka-section.js';
import type { Config } from './load-config.js';
import { keyName, signatureAlgorithm } from './signature-values.js';
import { bytes, developmentOnly, duration, inherited, needing, network, path, secret, url } from './values.js';

const count = z.int().positive();

/** An Ed25519 key as the JSON text of a JWK; the private one carries `d`. */
const isEd25519Jwk =
  (half: 'private' | 'public') =>
  (text: string): boolean => {
    try {
      const { kty, crv, x, d } = JSON.parse(text) as Record<string, unknown>;
      return (
        kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && (typeof d === 'string') === (half === 'private')
      );
    } catch {
      return false;
    }
  };

/** A connection string; what is wrong with one is told without showing it. */
const connectionString = (protocol: RegExp, example: string) =>
  secret(
    z.string().refine((text) => protocol.test(text) && URL.canParse(text), `must be a URL such as ${example}`),
  ).nullable();

/** Whoever reads it works on the database, and outside development never on one of its own. */
const databaseSection = needing(
  z
    .strictObject({
      url: connectionString(/^postgres(ql)?:/, 'postgres://owner:password@host/database'),
      roleSecret: secret(z.string().min(32, 'must have at least 32 characters')).nullable(),
      rolePassword: secret().nullable(),
      poolMax: count,
      queue: count,
      poolMin: z.int().min(0),
      connectionLifetime: duration,
      idleTimeout: duration,
      preparedStatements: z.int().min(0),
      connectTimeout: duration,
      startTimeout: duration,
      statementTimeout: duration,
      lockTimeout: duration,
      slowQuery: duration,
      migrateOnStart: z.boolean(),
    })
    .refine(({ roleSecret, rolePassword }) => roleSecret !== null || rolePassword !== null, { path: ['roleSecret'] }),
  'database.url',
);

/** The sections that every process of the platform reads. config/default.yaml says what each key is for. */
export const processSections = {
  platform: z.strictObject({ dataDir: path, tenantId: z.uuid() }),
  tenancy: z
    .strictObject({
      mode: z.enum(['single', 'multi']),
      creation: z.enum(['anyone', 'operators']),
      onRegistration: z.enum(['none', 'personal']),
      deletionGrace: duration,
      erasureInterval: duration,
      resolve: z.array(z.enum(['header', 'subdomain'])),
      header: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a header in lower case'),
      domain: z.string().min(1).nullable(),
    })
    .refine(({ resolve, domain }) => domain !== null || !resolve.includes('subdomain'), {
      path: ['domain'],
      message: 'is required where tenancy.resolve has subdomain',
    }),
  server: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(0).max(65_535).nullable(),
    shutdownTimeout: duration,
    bodyLimit: bytes,
    requestTimeout: duration,
    headersTimeout: duration,
    headerLimit: bytes,
    writeTimeout: duration,
    admission: z.boolean(),
    pendingWrites: z.strictObject({ perConnection: bytes, total: bytes }),
    proxies: z.strictObject({
      trusted: z.array(network),
      hops: z.int().min(0),
      header: z.enum(['x-forwarded-for', 'forwarded']),
    }),
  }),
  app: z.strictObject({
    name: z.string().min(1),
    keyPrefix: z.string().regex(/^[a-z][a-z0-9]{1,9}$/, 'must be 2 to 10 lower-case letters and digits'),
    publicUrl: url,
  }),
  api: z.strictObject({ publicUrl: inherited(url, 'app.publicUrl') }),
  logging: z.strictObject({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    format: z.enum(['json', 'pretty']),
  }),
  tracing: z.strictObject({
    exporter: z.enum(['none', 'otlp', 'console']),
    endpoint: url,
    headers: z.record(z.string(), secret()),
    namespace: z.string().min(1),
    sampleRatio: z.number().min(0).max(1),
    exportInterval: duration,
  }),
  errors: z.strictObject({ sentryDsn: secret().nullable() }),
  database: databaseSection,
  blobs: z.strictObject({ linkLifetime: duration, publicUrl: inherited(url, 'api.publicUrl') }),
  redis: z.strictObject({
    url: connectionString(/^rediss?:/, 'redis://host:6379'),
    connectTimeout: duration,
    commandTimeout: duration,
  }),
  events: z.strictObject({
    relay: z.boolean(),
    pollInterval: duration,
    minPublishInterval: duration,
    batchSize: count,
    maxAttempts: count,
    retryBackoff: duration,
    concurrency: count,
    relayLockTimeout: duration,
    maxOutboxLag: duration,
    retention: duration,
    deadLetterRetention: duration,
    subscriptionBuffer: count,
  }),
  idempotency: z.strictObject({ retention: duration }),
  discovery: z.strictObject({
    ...instanceOptions,
    supergraphConfig: path,
    routingUrls: z.record(z.string(), url),
  }),
  kafka: kafkaSection,
  callerToken: z.strictObject({
    privateKey: secret(
      z.string().refine(isEd25519Jwk('private'), 'must be the JWK of an Ed25519 private key'),
    ).nullable(),
    publicKey: developmentOnly(z.string().refine(isEd25519Jwk('public'), 'must be the JWK of an Ed25519 public key')),
    lifetime: duration,
  }),
  signatures: z
    .strictObject({
      required: z.boolean(),
      keys: z.record(keyName, z.strictObject({ algorithm: signatureAlgorithm, keyFile: path })),
      maxAge: duration,
    })
    .refine(({ required, keys }) => !required || Object.keys(keys).length > 0, {
      path: ['keys'],
      message: 'needs a key where signatures are required',
    }),
  mail: z.strictObject({
    transport: z.enum(['mailbox', 'smtp']),
    from: z.string().min(1),
    concurrency: count,
    retryDelay: duration,
    retryMaxDelay: duration,
    expireAfter: duration,
    smtp: z.strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65_535),
      tls: z.enum(['starttls', 'implicit', 'none']),
      user: z.string().min(1).nullable(),
      password: secret().nullable(),
      timeout: duration,
    }),
  }),
  seed: z.strictObject({
    adminEmail: z.email().nullable(),
    adminPassword: secret().nullable(),
  }),
};

/** What every process reads. */
export type ProcessConfig = Config<typeof processSections>;
export type PlatformConfig = ProcessConfig['platform'];
export type ServerConfig = ProcessConfig['server'];
export type AppConfig = ProcessConfig['app'];
export type TracingConfig = ProcessConfig['tracing'];
export type DatabaseConfig = ProcessConfig['database'];
export type RedisConfig = ProcessConfig['redis'];
export type EventsConfig = ProcessConfig['events'];
export type KafkaConfig = ProcessConfig['kafka'];
export type DiscoveryConfig = ProcessConfig['discovery'];
export type CallerTokenConfig = ProcessConfig['callerToken'];
export type MailConfig = ProcessConfig['mail'];
export type SeedConfig = ProcessConfig['seed'];
