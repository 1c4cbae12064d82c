import { CodedError } from '@platform/foundation/errors';
import { filterMap } from '@platform/foundation/streams';
import type { SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
} from 'graphql';
import { checkTexts } from './checked-texts.js';

interface SubscriptionOptions {
  readonly schema: GraphQLSchema;
  /** Asked for the start and again for each event, so that nothing read for one event serves another. */
  readonly context: () => unknown;
  readonly formatError: (error: GraphQLError) => GraphQLFormattedError;
}

/** Runs a subscription on a schema: one answer for each event of its source. A refused one is a stream of one answer without data. */
export async function subscriptionEvents(
  request: SubgraphRequest,
  { schema, context, formatError }: SubscriptionOptions,
): Promise<AsyncIterableIterator<SubgraphResponse>> {
  const answer = ({ data, errors }: { data?: object | null; errors?: readonly GraphQLError[] }) =>
    ({ ...(data !== undefined && { data }), ...(errors && { errors: errors.map(formatError) }) }) as SubgraphResponse;

  const document = documentOf(request, schema);
  if (Array.isArray(document)) return only(answer({ errors: document }));
  const { variables: variableValues, operationName } = request;
  const operation = { schema, document, variableValues, operationName };

  const source = await createSourceEventStream({ ...operation, contextValue: context() });
  if (!(Symbol.asyncIterator in source)) return only(answer({ errors: source.errors?.map(codedIfOfVariables) }));
  return filterMap(source[Symbol.asyncIterator](), async (event) =>
    answer(await execute({ ...operation, rootValue: event, contextValue: context() })),
  );
}

function documentOf({ query, variables }: SubgraphRequest, schema: GraphQLSchema): DocumentNode | GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
    checkTexts(document, variables);
    return document;
  } catch (error) {
    if (error instanceof CodedError) return [error];
    if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
    throw error;
  }
}

/** Mistakes of a whole request have the codes that Apollo Server gives them, which answers everything but streams. */
const coded = ({ message, nodes, extensions }: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(message, { nodes, extensions: { ...extensions, code } });

const codedIfOfVariables = (error: GraphQLError): GraphQLError =>
  error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION ? coded(error, 'BAD_USER_INPUT') : error;

async function* only(response: SubgraphResponse): AsyncGenerator<SubgraphResponse, undefined> {
  yield response;
}
