import { CodedError, Unauthenticated } from '@platform/foundation/errors';
import { acceptWebSockets, serveGraphQLSockets } from '@platform/foundation/http';
import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import type { RequestVerifier } from '@platform/subgraph-client/signatures';
import type { FastifyInstance } from 'fastify';
import { GraphQLError, parse } from 'graphql';

const PATH = '/graphql';
const KEEP_ALIVE = 10_000;
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** The protocol's server wants a document to tell subscriptions by; ours are run by the subgraph, which parses them itself. */
const ANY_SUBSCRIPTION = parse('subscription { events }');

/** Serves subscriptions at ws://…/graphql (graphql-transport-ws). Every subscribe message carries the caller token and request id in `extensions.headers`. */
export function serveSubscriptions(
  http: FastifyInstance,
  subscribe: NonNullable<SubgraphEndpoint['subscribe']>,
  onError: (error: unknown) => void,
  signatures?: RequestVerifier,
): void {
  const sockets = acceptWebSockets(http, {
    path: PATH,
    maxMessageBytes: MAX_MESSAGE_BYTES,
    admits: ({ headers }) =>
      !signatures || isSigned(() => signatures.verify({ method: 'GET', path: PATH, headers, body: '' })),
  });
  http.addHook('preClose', () => sockets.close());
  serveGraphQLSockets(sockets.server, {
    protocol: {
      onSubscribe: async (_context, _id, { query, variables, operationName, extensions }) => {
        const sent = { query, variables, operationName } as SubgraphRequest;
        try {
          const request = signatures ? signedRequest(extensions, signatures) : sent;
          const events = await subscribe(request, async () => headersIn(extensions));
          return { schema: undefined as never, document: ANY_SUBSCRIPTION, contextValue: events };
        } catch (error) {
          if (error instanceof CodedError) return [error];
          throw error;
        }
      },
      subscribe: ({ contextValue }) => formatted(contextValue as AsyncIterableIterator<SubgraphResponse>),
      onNext: (_context, _id, _payload, _arguments, result) => result,
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => (error instanceof GraphQLError ? error.toJSON() : error)),
    },
    keepAlive: KEEP_ALIVE,
    onError,
  });
}

/** Answers leave as they are: their errors are formatted already. */
const formatted = (events: AsyncIterableIterator<SubgraphResponse>) => events as never;

function headersIn(extensions: Record<string, unknown> | null | undefined): Record<string, string> {
  const { headers } = (extensions ?? {}) as { headers?: unknown };
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => typeof value === 'string'));
}

function isSigned(verify: () => void): boolean {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
}

/** The request that the message's signature is for, read from the very text that was signed. @throws Unauthenticated */
function signedRequest(
  extensions: Record<string, unknown> | null | undefined,
  signatures: RequestVerifier,
): SubgraphRequest {
  const { signedBody } = (extensions ?? {}) as { signedBody?: unknown };
  if (typeof signedBody !== 'string') throw new Unauthenticated('This endpoint answers only signed requests.');
  signatures.verify({ method: 'POST', path: PATH, headers: headersIn(extensions), body: signedBody });
  const { query, variables, operationName } = JSON.parse(signedBody) as SubgraphRequest;
  return { query, variables, operationName };
}
