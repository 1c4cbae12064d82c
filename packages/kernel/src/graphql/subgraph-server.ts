import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { CALLER_TOKEN_HEADER, type Caller, type CallerTokenVerifier } from '../auth/index.js';
import { CodedError, type ErrorBus, maskError } from '../errors/index.js';
import type { Part } from '../lifecycle/index.js';
import { requestContext } from '../logging/index.js';
import { type AccessRules, accessMiddleware } from './access.js';
import type { SubgraphContext } from './subgraph-context.js';
import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';

interface SubgraphServerOptions<Loaders> {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly access: AccessRules;
  /** Made anew for each request, so that nothing read for one caller reaches another. */
  readonly loaders: (caller: Caller) => Loaders;
  readonly tokens: CallerTokenVerifier;
  readonly errors: ErrorBus;
}

/** One subgraph, ready to be called in process or over HTTP. Every call carries a caller token; without one, nothing is answered. */
export class SubgraphServer<Loaders> implements SubgraphEndpoint, Part {
  readonly name: string;
  private readonly apollo: ApolloServer<SubgraphContext<Loaders>>;

  constructor(private readonly options: SubgraphServerOptions<Loaders>) {
    this.name = `subgraph:${options.name}`;
    this.apollo = new ApolloServer<SubgraphContext<Loaders>>({
      schema: applyMiddleware(options.schema, accessMiddleware(options.access, options.schema)),
      introspection: true,
      plugins: [ApolloServerPluginInlineTraceDisabled()],
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      formatError: (formatted, error) => maskError(formatted, error, options.errors),
    });
  }

  async start(): Promise<void> {
    await this.apollo.start();
  }

  async stop(): Promise<void> {
    await this.apollo.stop();
  }

  /** @throws Unauthenticated when the caller token is missing or not valid here. */
  async execute(request: SubgraphRequest, headers: Record<string, string>): Promise<SubgraphResponse> {
    const caller = await this.options.tokens.verify(headers[CALLER_TOKEN_HEADER]);
    return requestContext.run(
      {
        requestId: headers['x-request-id'] ?? randomUUID(),
        tenantId: caller.tenantId,
        userId: caller.userId ?? undefined,
        clientIp: headers['x-client-ip'],
        userAgent: headers['user-agent'],
        module: this.options.name,
      },
      () => this.run(request, caller),
    );
  }

  /** Serves `POST /graphql`. */
  register(http: FastifyInstance): void {
    http.post<{ Body: SubgraphRequest }>('/graphql', async (request, reply) => {
      try {
        return await this.execute(request.body, request.headers as Record<string, string>);
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        return reply.code(401).send({ errors: [error.toJSON()] });
      }
    });
  }

  private async run(request: SubgraphRequest, caller: Caller): Promise<SubgraphResponse> {
    const { query, variables, operationName, extensions } = request;
    const contextValue = { caller, loaders: this.options.loaders(caller) };
    const operation = { query, variables, operationName, extensions };
    const { body } = await this.apollo.executeOperation(operation, { contextValue });
    if (body.kind !== 'single') throw new Error('A subgraph answers in one piece');
    return body.singleResult as SubgraphResponse;
  }
}
