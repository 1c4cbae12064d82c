import { readFileSync } from 'node:fs';
import {
  ALL_TENANTS_VERSION,
  type Caller,
  CallerTokenSigner,
  CallerTokenVerifier,
  type RevocationVersions,
} from '@platform/auth';
import { LocalBlobs } from '@platform/blobs';
import { type EventBus, EventStreams } from '@platform/events';
import type { Clock } from '@platform/foundation/clock';
import type { ProcessConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Health } from '@platform/foundation/health';
import type { HttpRoutes } from '@platform/foundation/http';
import { Lifecycle, type LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Mailer } from '@platform/mail';
import { eventRetention, InboxConsumer, Outbox, OutboxRelay } from '@platform/outbox';
import { Database } from '@platform/postgres/database';
import { idempotencyRetention } from '@platform/postgres/idempotency';
import type { Cache } from '@platform/redis/cache';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { RequestVerifier, UnusableKey } from '@platform/subgraph-client/signatures';
import { createSubgraphSchema, SubgraphServer } from '../graphql/index.js';
import { assertTargetsDeclared } from './acting-on.js';
import type { AnySubgraphDefinition, SubgraphInfrastructure } from './definition.js';

/** What a process has once, for everything that lives in it. */
export interface ProcessDependencies {
  readonly config: ProcessConfig;
  readonly databaseUrl: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly errors: ErrorBus;
  readonly cache: Cache;
  readonly revocations: RevocationVersions;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  /** False for a command beside the platform, or before it: what works by itself is not started. */
  readonly background?: boolean;
}

/** A subgraph that is put together: its printed SDL, the part that answers, and the part that runs it all. */
export interface Subgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly server: SubgraphServer<unknown>;
  readonly part: LifecycleComponent;
  readonly routes: HttpRoutes;
  /** What its services were built from, for a tool that works beside it. */
  readonly infrastructure: SubgraphInfrastructure<never>;
}

/** Puts a subgraph together from its definition: database, events, schema, access rules and health, in start order. */
export async function assembleSubgraph(
  definition: AnySubgraphDefinition,
  shared: ProcessDependencies,
): Promise<Subgraph> {
  const { name, entities } = definition;
  const { config, metrics, errors, health } = shared;
  const logger = shared.logger.child({ module: name });
  const database = new Database({
    url: shared.databaseUrl,
    config: config.database,
    schema: name,
    entities,
    logger,
    metrics,
    onUnsettled: () => shared.revocations.bump([ALL_TENANTS_VERSION]),
  });
  const outbox = new Outbox(name, config.platform.tenantId);
  const relay = new OutboxRelay(name, database, shared.bus, config.events, { logger, metrics }).follow(outbox);

  const blobs = new LocalBlobs(name, config, shared.clock, errors);
  const infrastructure = {
    ...shared,
    logger,
    database,
    outbox,
    blobs,
    live: new EventStreams(shared.bus, definition.live ?? [], config.events.subscriptionBuffer),
    callerTokens: new CallerTokenSigner(config.callerToken.privateKey, config.callerToken.lifetime),
  } as unknown as SubgraphInfrastructure<never>;
  const parts = definition.compose(infrastructure);

  const { typeDefs, schema } = await createSubgraphSchema(parts);
  assertTargetsDeclared(schema, parts.targets);
  const server = new SubgraphServer<unknown>({
    name,
    schema,
    access: parts.access,
    loaders: parts.loaders as (caller: Caller) => unknown,
    tokens: new CallerTokenVerifier(config.callerToken.publicKey, name),
    signatures: config.signatures.required ? requestVerifier(name, config.signatures) : undefined,
    errors,
    repeatable: Object.keys(parts.repeatable ?? {}),
  });

  for (const handler of parts.handlers) {
    shared.bus.consume(new InboxConsumer(name, handler, database, config.events, { errors, metrics }));
  }
  health.add({ name: database.name, severity: 'hard', check: () => database.check() });
  health.add(relay.lagCheck());
  for (const check of parts.checks ?? []) health.add(check);

  const lifecycle = new Lifecycle(logger, { name: `subgraph:${name}`, shutdownTimeout: config.server.shutdownTimeout });
  const background = shared.background === false ? [] : (parts.background ?? []);
  lifecycle.add(database, blobs.part, ...background, ...(parts.parts ?? []), server);
  const keyRetention = idempotencyRetention(name, database, config.idempotency.retention, errors);
  if (config.events.relay) lifecycle.add(relay, eventRetention(name, database, config, errors), keyRetention);
  const routes: HttpRoutes = (app) => {
    blobs.routes(app);
    parts.routes?.(app);
  };
  return { name, typeDefs, server, part: lifecycle, routes, infrastructure };
}

/** @throws UnusableKey */
function requestVerifier(audience: string, { keys, maxAge }: ProcessConfig['signatures']): RequestVerifier {
  const verifier = new RequestVerifier(audience, maxAge);
  for (const [id, { algorithm, keyFile }] of Object.entries(keys)) {
    try {
      verifier.trust(id, algorithm, readFileSync(keyFile, 'utf8'));
    } catch (error) {
      throw new UnusableKey(`signatures.keys.${id}`, keyFile, error);
    }
  }
  return verifier;
}
