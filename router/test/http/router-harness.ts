import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type Caller,
  CallerTokenVerifier,
  MemoryRevocationVersions,
  type RevocationVersions,
  tenantVersion,
} from '@platform/auth';
import type { EventBus } from '@platform/events';
import { ErrorBus } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { Channel, filterMap } from '@platform/foundation/streams';
import { Mailbox } from '@platform/mail';
import type { Cache } from '@platform/redis/cache';
import type { Redis } from '@platform/redis/connection';
import { createPlatformRouter, type Router } from '@platform/router';
import type { SubgraphEndpoint, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { GraphQLClient } from '@platform/testkit';
import { graphql, parse, subscribe } from 'graphql';
import { config } from './harness-config.js';
import { supergraphOf, TYPE_DEFS } from './harness-supergraph.js';
import { Issuer } from './issuer.js';

/** A router on a real port, in front of small subgraphs of its own: an identity with one key, an authz with one table, a blog. */
export class RouterHarness {
  readonly issuer = new Issuer('key-1');
  readonly revocations: RevocationVersions & { broken?: boolean };
  readonly errors: unknown[] = [];
  /** The requests that they happened in. */
  readonly contexts: unknown[] = [];
  /** Session ids that have ended. */
  readonly endedSessions = new Set<string>();
  /** What callers hold. */
  permissions: string[] = ['blog.post.read'];
  /** The tenants that authz was asked in what a caller holds. */
  readonly permissionsAskedIn: string[] = [];
  /** Ids of active organizations, by slug. */
  readonly organizations = new Map<string, string>();
  /** Organizations in which no user may act. */
  readonly withoutMembers = new Set<string>();
  /** Subgraphs that do not answer. */
  readonly away = new Set<string>();
  private readonly delayed = new Map<string, Promise<void>>();
  /** How often each subgraph was called. */
  readonly calls: Record<string, number> = { identity: 0, authz: 0, blog: 0 };
  /** The callers that blog was called by, newest last. */
  readonly callers: Caller[] = [];
  /** The headers that blog was called with, newest last. */
  readonly headers: Record<string, string>[] = [];
  readonly health = new Health();
  /** The streams that the router holds of blog, with the caller that each was begun for. */
  readonly upstreams = new Map<Channel<unknown>, Caller>();
  readonly metrics = new Metrics();
  /** The router's own section, where `start` is told nothing else. */
  readonly defaults = config.router;
  router!: Router;

  constructor() {
    const revocations = new MemoryRevocationVersions();
    const working = async <T>(answer: () => Promise<T>): Promise<T> => {
      if (this.revocations.broken) throw new Error('the store of revocation versions is away');
      return answer();
    };
    this.revocations = {
      read: (keys) => working(() => revocations.read(keys)),
      bump: (keys) => working(() => revocations.bump(keys)),
    };
  }

  /** Lets it be known that what a role of the default organization permits has changed. */
  changeRoles(): Promise<void> {
    return this.revocations.bump([tenantVersion(config.platform.tenantId)]);
  }

  /** Lets every stream of blog tell of a post. */
  emit(post: { id: string; title?: string; author?: { id: string } | null; moderation?: string }): void {
    for (const upstream of this.upstreams.keys()) upstream.push({ title: 'A post', author: null, ...post });
  }

  async start(
    set: {
      lifetime?: number;
      router?: Partial<typeof config.router>;
      /** What this router shares with others. */
      cache?: Cache;
      redis?: Redis;
      bus?: EventBus;
      subscriptions?: Partial<(typeof config)['router']['subscriptions']>;
      tenancy?: Partial<(typeof config)['tenancy']>;
      server?: Partial<(typeof config)['server']>;
      audit?: Partial<(typeof config)['audit']>;
    } = {},
  ): Promise<void> {
    const errors = new ErrorBus();
    errors.addSink(({ error, context }) => {
      this.errors.push(error);
      this.contexts.push(context);
    });
    this.router = createPlatformRouter({
      config: {
        ...config,
        server: { ...config.server, ...set.server },
        audit: { ...config.audit, ...set.audit },
        tenancy: { ...config.tenancy, ...set.tenancy },
        router: {
          ...config.router,
          callerCacheLifetime: set.lifetime ?? 30_000,
          subgraphTimeout: 500,
          subscriptions: { ...config.router.subscriptions, checkInterval: 50, ...set.subscriptions },
          ...set.router,
        },
      },
      logger: createLogger(config.logging),
      metrics: this.metrics,
      health: this.health,
      errors,
      revocations: this.revocations,
      mailbox: new Mailbox('/nonexistent'),
      cache: set.cache,
      redis: set.redis,
      bus: set.bus,
      sdl: supergraphOf(),
      endpoint: (name) => this.endpoint(name as keyof typeof TYPE_DEFS),
      port: 0,
    });
    await this.router.part.start?.();
  }

  /** Keeps a subgraph's answers back until the answered function is called. */
  delay(subgraph: keyof typeof TYPE_DEFS): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.delayed.set(subgraph, promise);
    return () => {
      this.delayed.delete(subgraph);
      resolve();
    };
  }

  /** Serves a supergraph whose subgraphs have something else in their type definitions. */
  async swap(before: string, after: string): Promise<void> {
    await this.router.supergraphs.offer(supergraphOf((typeDefs) => typeDefs.replace(before, after)));
  }

  /** Serves a supergraph in which the subgraph is somewhere else. */
  async relocate(subgraph: keyof typeof TYPE_DEFS): Promise<void> {
    const sdl = supergraphOf().replaceAll(`http://${subgraph}`, `http://${subgraph}.elsewhere`);
    await this.router.supergraphs.offer(sdl);
  }

  async stop(): Promise<void> {
    await this.router.part.stop?.();
  }

  get url(): string {
    return `${this.router.http.url}/graphql`;
  }

  get client(): GraphQLClient {
    return new GraphQLClient(this.url);
  }

  private readonly resolvers: Record<string, Record<string, Record<string, unknown>>> = {
    identity: {
      Query: {
        me: (_: unknown, __: unknown, { userId }: Caller) => userId,
        signingKeys: () => this.issuer.jwks(),
        organizationNamed: (_: unknown, { name }: { name: string }) =>
          this.organizations.get(name) ?? [...this.organizations.values()].find((id) => id === name) ?? null,
      },
      User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `User ${id}` }) },
      Session: {
        __resolveReference: ({ id }: { id: string }) => (this.endedSessions.has(id) ? null : { id }),
        actsIn: (_: unknown, { organizationId }: { organizationId: string }) =>
          !this.withoutMembers.has(organizationId),
      },
    },
    authz: {
      Query: {
        myPermissions: (_: unknown, __: unknown, { tenantId }: Caller) => {
          this.permissionsAskedIn.push(tenantId);
          return this.permissions;
        },
      },
    },
    blog: {
      Query: {
        latest: () => ({ id: 'p1', title: 'A post', author: { id: 'ada' } }),
        hello: (_: unknown, { name }: { name: string }) => `Hello, ${name}`,
        secret: () => 'for readers',
        scoped: () => 'in scope',
        crash: () => 'never asked',
      },
      Mutation: { write: (_: unknown, { text }: { text: string }) => text },
      Subscription: { posted: this.stream(), open: this.stream() },
    },
  };

  private stream() {
    return {
      subscribe: (_: unknown, __: unknown, caller: Caller) => {
        const upstream: Channel<unknown> = new Channel(1_000, () => this.upstreams.delete(upstream));
        this.upstreams.set(upstream, caller);
        return upstream;
      },
      resolve: (post: unknown) => post,
    };
  }

  private endpoint(name: keyof typeof TYPE_DEFS): SubgraphEndpoint {
    const schema = buildSubgraphSchema([
      { typeDefs: parse(TYPE_DEFS[name]), resolvers: this.resolvers[name] as never },
    ]);
    const verifier = new CallerTokenVerifier(config.callerToken.publicKey, name);
    return {
      subscribe: async ({ query, variables }, headers, signal) => {
        if (this.away.has(name)) throw new Error(`${name} is away`);
        const caller = await verifier.verify((await headers())[CALLER_TOKEN_HEADER]);
        const stream = await subscribe({
          schema,
          document: parse(query),
          variableValues: variables,
          contextValue: caller,
        });
        if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors));
        signal?.addEventListener('abort', () => void stream.return(undefined));
        return filterMap(stream, (event) => JSON.parse(JSON.stringify(event)) as SubgraphResponse);
      },
      execute: async ({ query, variables }, headers) => {
        this.calls[name] = (this.calls[name] ?? 0) + 1;
        await this.delayed.get(name);
        if (this.away.has(name)) throw new Error(`${name} is away`);
        const caller = await verifier.verify(headers[CALLER_TOKEN_HEADER]);
        if (name === 'blog') {
          this.callers.push(caller);
          this.headers.push(headers);
          if (query.includes('throttled'))
            return {
              data: null,
              errors: [
                { message: 'Slow down', path: ['throttled'], extensions: { code: 'RATE_LIMITED', retryAfter: 7 } },
              ],
            };
        }
        const result = await graphql({ schema, source: query, variableValues: variables, contextValue: caller });
        return JSON.parse(JSON.stringify(result)) as SubgraphResponse;
      },
    };
  }
}
