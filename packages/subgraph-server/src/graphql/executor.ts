import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  HeaderMap,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { type ErrorBus, maskError } from '@platform/foundation/errors';
import { WeightedCache, weightOfDocument } from '@platform/foundation/weighted-cache';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { checkTexts } from './checked-texts.js';
import type { SubgraphContext } from './subgraph-context.js';

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

/** What executes a subgraph's queries and mutations. Its errors are masked, and told to the bus. */
export const executorOf = <Loaders>(schema: GraphQLSchema, errors: ErrorBus): ApolloServer<SubgraphContext<Loaders>> =>
  new ApolloServer<SubgraphContext<Loaders>>({
    schema,
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
    formatError: (formatted, error) => maskError(formatted, error, errors),
  });

/** Federated tracing: the router asks for it by a header, which Apollo Server reads from its own kind of request. */
export function traceWish(headers: Record<string, string>): HTTPGraphQLRequest | undefined {
  const name = 'apollo-federation-include-trace';
  if (headers[name] !== 'ftv1') return undefined;
  return { method: 'POST', headers: new HeaderMap([[name, 'ftv1']]), search: '', body: {} };
}
