import { randomUUID } from 'node:crypto';
import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  HeaderMap,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import type { Admission } from '../admission/index.js';
import { CALLER_TOKEN_HEADER, type Caller, type CallerTokenVerifier } from '../auth/index.js';
import type { HeaderSource, SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '../endpoints/index.js';
import { CodedError, type ErrorBus, maskError, ServiceBusy } from '../errors/index.js';
import type { Asker } from '../fair-shares/index.js';
import { errorBody, networkOf, whileConnected } from '../http/index.js';
import { idempotentRequest, outsideMutation, REPLAYED } from '../idempotency/index.js';
import type { Part } from '../lifecycle/index.js';
import { type RequestContext, requestContext } from '../logging/index.js';
import { RequestBounds, timeoutOf } from '../request-bounds/index.js';
import type { RequestVerifier } from '../signatures/index.js';
import { clipped } from '../text/index.js';
import { currentTraceId, spansEnabled } from '../tracing/index.js';
import { WeightedCache, weightOfDocument } from '../weighted-cache/index.js';
import { type AccessRules, accessMiddleware, guardSubscriptions } from './access.js';
import { checkArguments } from './checked-arguments.js';
import { checkTexts } from './checked-texts.js';
import { idempotentMutations } from './idempotent-mutations.js';
import { resolverSpans } from './resolver-spans.js';
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
export class SubgraphServer<Loaders> implements SubgraphEndpoint, Part {
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
    this.apollo = new ApolloServer<SubgraphContext<Loaders>>({
      schema: this.schema,
      introspection: true,
      documentStore: keptDocuments(),
      persistedQueries: false,
      plugins: [
        ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
        // Its policy would be a header of an answer of which only the body is sent, at the cost of a hook around every field.
        ApolloServerPluginCacheControlDisabled(),
        textsAreChecked,
      ],
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      formatError: (formatted, error) => maskError(formatted, error, options.errors),
    });
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
      subscriptionEvents(parsed(request), { schema: this.schema, context, formatError }),
    );
    const failed = (error: unknown): SubgraphResponse => {
      const known =
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
      return { errors: [formatError(known)] };
    };
    const bounded = <T>(work: () => T | Promise<T>): Promise<T> =>
      requestContext.run(scope, () => new RequestBounds(askerOf(caller, sent)).run(work));
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
    http.register(async (scope) => {
      if (signatures) checkSignatures(scope, signatures);
      scope.post<{ Body: SubgraphRequest }>('/graphql', async (request, reply) => {
        try {
          const reach = { signal: whileConnected(reply), admission };
          return await this.answer(request.body, request.headers as Record<string, string>, reach);
        } catch (error) {
          return refused(error, reply);
        }
      });
    });
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
      const place = await admission?.enter(asker);
      try {
        return await this.run(request, caller, headers);
      } finally {
        place?.leave();
      }
    };
    // A call within one process is no part of the mutation that makes it.
    return outsideMutation(() => requestContext.run(this.scope(caller, headers), () => bounds.run(admitted)));
  }

  private scope(caller: Caller, headers: Record<string, string>): RequestContext {
    return {
      requestId: clipped(headers['x-request-id'], MAX_HEADER.id) ?? randomUUID(),
      tenantId: caller.tenantId,
      userId: caller.userId ?? undefined,
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

/** Whose share of what is scarce a request has. */
const askerOf = ({ kind, userId, service }: Caller, headers: Record<string, string>): Asker =>
  kind === 'anonymous'
    ? { key: networkOf(headers['x-client-ip'] ?? 'unknown'), signedIn: false }
    : { key: userId ?? service ?? '', signedIn: true };

/** Characters of what a request tells of its origin, which is stored in places. */
const MAX_HEADER = { id: 128, address: 64, agent: 512 };

/** What parsed documents of one subgraph may weigh, in bytes. */
const DOCUMENTS = 16 * 1024 * 1024;

/** Clients shape what the router asks: what is kept of it is bounded by what it takes. */
function keptDocuments(): NonNullable<ApolloServerOptions<never>['documentStore']> {
  const kept = new WeightedCache<DocumentNode>({ bytes: DOCUMENTS, weigh: weightOfDocument });
  return {
    get: async (key) => kept.get(key),
    set: async (key, document) => void kept.set(key, document),
    delete: async (key) => kept.delete(key),
  };
}

/** Before anything runs, and after the document is known to be one. */
const textsAreChecked: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, request }) => checkTexts(document, request.variables),
  }),
};

/** As a request over a network is read: the router's own may hold numbers that are more than doubles. */
const parsed = (request: SubgraphRequest): SubgraphRequest => ({
  ...request,
  variables: JSON.parse(JSON.stringify(request.variables ?? {})),
});

/** Coded failures of a whole request mean that its caller is not known, or that there is too much to do. */
function refused(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof CodedError)) throw error;
  if (error instanceof ServiceBusy) {
    const retryAfter = String(error.extensions['retryAfter']);
    return reply
      .code(503)
      .header('retry-after', retryAfter)
      .send({ errors: [error.toJSON()] });
  }
  return reply.code(401).send({ errors: [error.toJSON()] });
}

/** A body is checked as the text that was signed, before anything is made of it. */
function checkSignatures(scope: FastifyInstance, signatures: RequestVerifier): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, text, done) =>
    done(null, text),
  );
  scope.addHook('preHandler', async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    try {
      signatures.verify({
        method: request.method,
        path: request.url.split('?', 1)[0] as string,
        headers: request.headers,
        body,
      });
    } catch (error) {
      return refused(error, reply);
    }
    try {
      request.body = JSON.parse(body);
    } catch {
      return reply.code(400).send(errorBody('BAD_REQUEST', 'The body is not well-formed JSON.'));
    }
  });
}

/** Federated tracing: the router asks for it by a header, which Apollo Server reads from its own kind of request. */
function traceWish(headers: Record<string, string>): HTTPGraphQLRequest | undefined {
  const name = 'apollo-federation-include-trace';
  if (headers[name] !== 'ftv1') return undefined;
  return { method: 'POST', headers: new HeaderMap([[name, 'ftv1']]), search: '', body: {} };
}

/** Every event is answered inside the context of the request that began the stream; a source that fails is told as a last answer. */
function inScope<T>(
  inside: <R>(work: () => R | Promise<R>) => Promise<R>,
  events: AsyncIterableIterator<T>,
  failed: (error: unknown) => T,
  onEnd: () => void,
): AsyncIterableIterator<T> {
  let over = false;
  const end = (): IteratorResult<T> => {
    if (!over) onEnd();
    over = true;
    return { value: undefined, done: true };
  };
  return {
    next: async () => {
      if (over) return end();
      try {
        const result = await inside(() => events.next());
        return result.done ? end() : result;
      } catch (error) {
        end();
        return { value: await inside(() => failed(error)), done: false };
      }
    },
    return: async () => {
      await events.return?.();
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
