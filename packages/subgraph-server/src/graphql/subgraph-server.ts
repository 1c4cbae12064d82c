import { randomUUID } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { type Caller, type CallerTokenVerifier, principalOf } from '@platform/auth';
import type { Admission } from '@platform/foundation/admission';
import { type ErrorBus, maskError } from '@platform/foundation/errors';
import { type Asker, networkOf } from '@platform/foundation/fair-shares';
import { REPLAYED } from '@platform/foundation/idempotency-key';
import { parseJson } from '@platform/foundation/json';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { type RequestContext, requestContext } from '@platform/foundation/logging';
import { RequestBounds, timeoutOf } from '@platform/foundation/request-bounds';
import { clipped } from '@platform/foundation/text';
import { currentTraceId, spansEnabled } from '@platform/foundation/tracing';
import { idempotentRequest, outsideMutation } from '@platform/postgres/idempotency';
import { withoutTenant, withTenant } from '@platform/postgres/tenancy';
import type {
  HeaderSource,
  SubgraphEndpoint,
  SubgraphRequest,
  SubgraphResponse,
} from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER, NESTED_CALL_HEADER } from '@platform/subgraph-client/headers';
import type { RequestVerifier } from '@platform/subgraph-client/signatures';
import type { FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { type AccessRules, accessMiddleware, guardSubscriptions } from './access.js';
import { checkArguments } from './checked-arguments.js';
import { executorOf, traceWish } from './executor.js';
import { idempotentMutations } from './idempotent-mutations.js';
import { serveRequests } from './requests-over-http.js';
import { resolverSpans } from './resolver-spans.js';
import { inScope } from './scoped-stream.js';
import type { SubgraphContext } from './subgraph-context.js';
import { subscriptionEvents } from './subscription-events.js';
import { serveSubscriptions } from './subscription-server.js';

interface SubgraphServerOptions<Loaders> {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly access: AccessRules;
  /** Made anew for each request, so that nothing read for one caller reaches another. */
  readonly loaders: (caller: Caller) => Loaders;
  readonly tokens: CallerTokenVerifier;
  /** Left out where requests over HTTP need no signature. */
  readonly signatures?: RequestVerifier;
  readonly errors: ErrorBus;
  /** Mutations that run again when they are sent again, also with an idempotency key. */
  readonly repeatable?: readonly string[];
}

/** One subgraph, ready to be called in process or over HTTP. Every call carries a caller token; without one, nothing is answered. */
export class SubgraphServer<Loaders> implements SubgraphEndpoint, LifecycleComponent {
  readonly name: string;
  private readonly apollo: ApolloServer<SubgraphContext<Loaders>>;
  private readonly schema: GraphQLSchema;
  private readonly streams = new Set<AsyncIterableIterator<SubgraphResponse>>();

  constructor(private readonly options: SubgraphServerOptions<Loaders>) {
    this.name = `subgraph:${options.name}`;
    const access = accessMiddleware(options.access, options.schema);
    this.schema = applyMiddleware(
      options.schema,
      access,
      ...(spansEnabled() ? [resolverSpans(options.name)] : []),
      idempotentMutations(options.schema, options.repeatable),
    );
    guardSubscriptions(this.schema, options.access);
    checkArguments(this.schema);
    this.apollo = executorOf(this.schema, options.errors);
  }

  async start(): Promise<void> {
    await this.apollo.start();
  }

  /** Ends every stream. */
  async stop(): Promise<void> {
    await Promise.all([...this.streams].map((stream) => stream.return?.()));
    await this.apollo.stop();
  }

  /** Works no longer than the request's time is, nor than its signal lets it. @throws Unauthenticated when the caller token is missing or not valid here. */
  async execute(
    request: SubgraphRequest,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<SubgraphResponse> {
    return this.answer(request, headers, { signal });
  }

  /** The rights of the caller token stand for the whole stream: whoever holds the stream ends it when they change. @throws as `execute`. */
  async subscribe(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>> {
    const sent = await headers();
    const caller = await this.options.tokens.verify(sent[CALLER_TOKEN_HEADER]);
    const scope = this.scope(caller, sent);
    const context = () => ({ caller, loaders: this.options.loaders(caller) });
    const formatError = (error: GraphQLError) => maskError(error.toJSON(), error, this.options.errors);
    const events = await requestContext.run(scope, () =>
      forTenantOf(caller, () => subscriptionEvents(parsed(request), { schema: this.schema, context, formatError })),
    );
    const failed = (error: unknown): SubgraphResponse => {
      const known =
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
      return { errors: [formatError(known)] };
    };
    const bounded = <T>(work: () => T | Promise<T>): Promise<T> =>
      requestContext.run(scope, () => forTenantOf(caller, () => new RequestBounds(askerOf(caller, sent)).run(work)));
    const stream = inScope(bounded, events, failed, () => {
      signal?.removeEventListener('abort', leave);
      this.streams.delete(stream);
    });
    const leave = () => void stream.return?.();
    this.streams.add(stream);
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    return stream;
  }

  /** Serves `POST /graphql`, and subscriptions over WebSocket at the same path. @param admission lets requests over HTTP begin: those in process have been let in already. */
  register(http: FastifyInstance, admission?: Admission): void {
    const { signatures } = this.options;
    serveSubscriptions(
      http,
      (request, headers) => this.subscribe(request, headers),
      (error) => this.options.errors.publish(error),
      signatures,
    );
    const answer = (request: SubgraphRequest, headers: Record<string, string>, signal: AbortSignal) =>
      this.answer(request, headers, { signal, admission });
    serveRequests(http, answer, signatures);
  }

  private async answer(
    request: SubgraphRequest,
    headers: Record<string, string>,
    { signal, admission }: { signal?: AbortSignal; admission?: Admission },
  ): Promise<SubgraphResponse> {
    const timeoutMs = timeoutOf(headers);
    const caller = await this.options.tokens.verify(headers[CALLER_TOKEN_HEADER]);
    const asker = askerOf(caller, headers);
    const bounds = new RequestBounds(asker, { timeoutMs, signal });
    const admitted = async () => {
      const place = headers[NESTED_CALL_HEADER] ? undefined : await admission?.enter(asker, bounds.signal);
      try {
        return await this.run(request, caller, headers);
      } finally {
        place?.leave();
      }
    };
    // A call within one process is no part of the mutation that makes it.
    return outsideMutation(() =>
      requestContext.run(this.scope(caller, headers), () => forTenantOf(caller, () => bounds.run(admitted))),
    );
  }

  private scope(caller: Caller, headers: Record<string, string>): RequestContext {
    return {
      requestId: clipped(headers['x-request-id'], MAX_HEADER.id) ?? randomUUID(),
      tenantId: caller.tenantId,
      userId: caller.userId ?? undefined,
      apiKeyId: caller.apiKeyId ?? undefined,
      serviceAccountId: caller.serviceAccountId ?? undefined,
      clientIp: clipped(headers['x-client-ip'], MAX_HEADER.address),
      userAgent: clipped(headers['user-agent'], MAX_HEADER.agent),
      module: this.options.name,
      traceId: currentTraceId(),
    };
  }

  private async run(
    request: SubgraphRequest,
    caller: Caller,
    headers: Record<string, string>,
  ): Promise<SubgraphResponse> {
    const { query, variables, operationName, extensions } = request;
    const idempotency = idempotentRequest(request, caller, headers);
    const contextValue = { caller, loaders: this.options.loaders(caller), idempotency };
    const operation = { query, variables, operationName, extensions, http: traceWish(headers) };
    const { body } = await this.apollo.executeOperation(operation, { contextValue });
    if (body.kind !== 'single') throw new Error('A subgraph answers in one piece');
    const result = body.singleResult as SubgraphResponse;
    return idempotency?.replayed ? { ...result, extensions: { ...result.extensions, ...REPLAYED } } : result;
  }
}

/** Everything that is done for a caller is done in the caller's tenant. A router that stands alone knows none. */
const forTenantOf = <T>({ tenantId }: Caller, work: () => T): T =>
  tenantId === '' ? withoutTenant(work) : withTenant(tenantId, work);

/** Whose share of what is scarce a request has. */
const askerOf = (caller: Caller, headers: Record<string, string>): Asker =>
  caller.kind === 'anonymous'
    ? { key: networkOf(headers['x-client-ip'] ?? 'unknown'), signedIn: false }
    : { key: principalOf(caller) ?? '', signedIn: true };

/** Characters of what a request tells of its origin, which is stored in places. */
const MAX_HEADER = { id: 128, address: 64, agent: 512 };

/** As a request over a network is read: the router's own may hold numbers that are more than doubles. */
const parsed = (request: SubgraphRequest): SubgraphRequest => ({
  ...request,
  variables: parseJson(JSON.stringify(request.variables ?? {})) as Record<string, unknown>,
});
