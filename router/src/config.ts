import { bytes, type Config, duration, fieldCoordinate, inherited, path } from '@platform/foundation/config';
import { z } from 'zod';
import { apolloSection } from './apollo/index.js';
import { cacheOption } from './caching/index.js';
import { headersOption } from './headers/index.js';
import { rateLimitOption } from './rate-limits/index.js';
import { trafficOption } from './traffic/index.js';
import { isOriginRule } from './transports/http/origins.js';

const count = z.int().positive();
const bound = count.nullable();

/** What every router reads, on the platform or alone. */
export const commonRouterOptions = {
  subgraphTimeout: duration,
  introspection: z.boolean(),
  suggestions: z.boolean(),
  documentCache: bytes,
  planCache: bytes,
  maxTokens: count,
  limits: z.strictObject({
    depth: bound,
    height: bound,
    aliases: bound,
    rootFields: bound,
    directives: bound,
    fragments: bound,
    fields: bound,
    duplicateFields: bound,
    characters: bound,
    maxStringLength: bound,
    maxNameLength: bound,
    warnOnly: z.boolean(),
  }),
  cost: z.strictObject({
    mode: z.enum(['off', 'measure', 'enforce']),
    maximum: bound,
    anonymous: bound,
    byPermission: z.record(z.string(), count),
    bySubgraph: z.record(z.string(), count),
    actualMaximum: bound,
    listSize: count,
    heavy: z.strictObject({ threshold: count, concurrency: count, queue: count }),
    report: z.boolean(),
  }),
  responses: z.strictObject({ perSubgraph: bytes, perOperation: bytes }),
  planning: z.strictObject({
    threads: z.int().min(0).max(16),
    timeout: duration,
    anonymousTimeout: duration,
    queue: count,
    maxFetches: bound,
  }),
  batching: z.strictObject({ enabled: z.boolean(), maxOperations: count }),
  persistedQueries: z.strictObject({
    mode: z.enum(['off', 'audit', 'safelist', 'safelist-by-id']),
    shadow: z.boolean(),
    manifests: z.array(path),
    warm: z.int().min(0),
    automatic: z.strictObject({
      enabled: z.boolean(),
      lifetime: duration,
      maxBytes: bytes,
      maxMemory: bytes,
      sharedMemory: bytes,
    }),
  }),
  maxVariableDepth: count,
  deduplication: z.strictObject({ subgraphs: z.boolean(), operations: z.boolean() }),
  cache: cacheOption,
  authorization: z.strictObject({
    mode: z.enum(['filter', 'reject', 'report-only']),
    errors: z.enum(['errors', 'extensions']),
    reasons: z.boolean(),
    filterIntrospection: z.boolean(),
  }),
  override: z.strictObject({ labels: z.record(z.string(), z.union([z.boolean(), z.number().min(0).max(100)])) }),
  subscriptions: z.strictObject({
    heartbeat: duration,
    buffer: count,
    perConnection: count,
    perCaller: count,
    operationsPerConnection: count,
    bufferBytes: bytes,
    connections: z.strictObject({ perNetwork: count, total: count, idle: duration }),
    parametersAsHeaders: z.boolean(),
  }),
  reload: z.strictObject({ watch: z.boolean(), warmOperations: z.int().min(0) }),
  alwaysAdmitted: z.array(fieldCoordinate),
  rateLimit: rateLimitOption,
  traffic: trafficOption,
  headers: headersOption,
  subgraphErrors: z.strictObject({
    messages: z.union([z.boolean(), z.literal('coded')]),
    extensions: z.array(z.string().min(1)),
  }),
  compression: z.strictObject({ minSize: bytes.nullable() }),
  edge: z.strictObject({ preventCsrf: z.boolean(), continueTraces: z.boolean() }),
  cors: z.strictObject({
    origins: z.array(
      z
        .string()
        .refine(isOriginRule, 'must be an origin such as https://app.example.com or https://*.example.com, or *'),
    ),
    maxAge: duration,
  }),
};

const reportBounds = z.strictObject({ interval: duration, maxEntries: count });

/** The router's own section. config/default.yaml says what each key is for. */
export const routerSections = {
  router: z.strictObject({
    ...commonRouterOptions,
    supergraph: z.string().min(1),
    composeOnStart: z.boolean(),
    developmentPages: z.boolean(),
    denials: reportBounds,
    reads: reportBounds,
    jwksRefresh: duration,
    clockSkew: duration,
    callerCache: bytes,
    callerCacheLifetime: duration,
    subscriptions: commonRouterOptions.subscriptions.extend({ checkInterval: duration }),
    jwt: z.strictObject({
      issuer: inherited(z.string(), 'api.publicUrl'),
      audience: z.string(),
      algorithms: z.array(z.string()).min(1),
    }),
  }),
  apollo: apolloSection,
  /** What of the audit log's section tells the router which reads leave an entry. */
  audit: z.object({ include: z.array(fieldCoordinate), exclude: z.array(z.string()) }),
};

const commonSection = z.strictObject(commonRouterOptions);

/** What every router reads, once it has been checked. */
export type CommonRouterConfig = Config<{ router: typeof commonSection }>['router'];
