import type { Caller, CallerTokenSigner, RevocationVersions } from '@platform/auth';
import type { BlobStore } from '@platform/blobs';
import type { EventDefinition, EventStreams } from '@platform/events';
import type { Clock } from '@platform/foundation/clock';
import type { Config, ProcessConfig, Sections } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { HealthCheck } from '@platform/foundation/health';
import type { HttpRoutes } from '@platform/foundation/http';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Mailer } from '@platform/mail';
import type { EventHandler, Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { Cache } from '@platform/redis/cache';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { DataSource } from 'typeorm';
import type { AccessRules, OrphanedTypes, ReferenceResolver, ResolverInstances } from '../graphql/index.js';
import type { Targets } from './acting-on.js';

/** What a subgraph's composition root is given: the kernel's parts, made for its schema and its name. */
export interface SubgraphInfrastructure<OwnConfig = unknown> {
  readonly config: ProcessConfig & OwnConfig;
  readonly database: Database;
  readonly outbox: Outbox;
  /** The definition's `live` events as they happen, for subscriptions. */
  readonly live: EventStreams;
  readonly revocations: RevocationVersions;
  readonly cache: Cache;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly errors: ErrorBus;
  /** For calls to other subgraphs on the platform's own behalf. */
  readonly callerTokens: CallerTokenSigner;
  /** Another subgraph, by name. */
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
}

/** What a subgraph consists of. */
export interface SubgraphDependencies<Loaders> {
  readonly resolvers: ResolverInstances;
  readonly references: Record<string, ReferenceResolver<{ caller: Caller; loaders: Loaders }>>;
  /** Types that only other subgraphs lead to. */
  readonly orphanedTypes?: OrphanedTypes;
  readonly access: AccessRules;
  /** On whom each mutation acts. */
  readonly targets: Targets;
  /**
   * Mutations that an idempotency key leaves as they are, and why: sent again, they run again. Others happen once under a key, without
   * anything that the subgraph has to do.
   */
  readonly repeatable?: Readonly<Record<string, string>>;
  readonly loaders: (caller: Caller) => Loaders;
  readonly handlers: readonly EventHandler[];
  /** Started after the database and before calls are answered. */
  readonly parts?: readonly LifecycleComponent[];
  /** The same, of what works by itself beside the calls. A command that only borrows the services does without. */
  readonly background?: readonly LifecycleComponent[];
  readonly checks?: readonly HealthCheck[];
  /** What its process serves over HTTP beside GraphQL. They carry no caller token: each must know whom it answers. */
  readonly routes?: HttpRoutes;
}

/** A subgraph before it is put together: its name (also its schema's), its entities, its configuration, and its composition root. */
export interface SubgraphDefinition<S extends Sections = Sections, Loaders = unknown> {
  readonly name: string;
  readonly entities: NonNullable<ConstructorParameters<typeof DataSource>[0]['entities']>;
  readonly sections: S;
  /** Keys of other sections that it must have been told outside development and test, as what its links lead to. */
  readonly needs?: readonly string[];
  /** Events that its subscriptions tell of: every instance reads them. */
  // biome-ignore lint/suspicious/noExplicitAny: of any data
  readonly live?: readonly EventDefinition<any>[];
  readonly compose: (infrastructure: SubgraphInfrastructure<Config<S>>) => SubgraphDependencies<Loaders>;
}

/** A definition whose configuration and loaders are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: the two meet only inside the definition
export type AnySubgraphDefinition = SubgraphDefinition<any, any>;

/** Keeps the types of a definition's configuration and loaders together. */
export const defineSubgraph = <S extends Sections, Loaders>(definition: SubgraphDefinition<S, Loaders>) => definition;
