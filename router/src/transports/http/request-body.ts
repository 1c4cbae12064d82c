import { LosslessNumber, parseJson } from '@platform/foundation/json';
import { BadRequest } from '../../errors.js';
import type { GraphQLRequest } from '../../operation.js';

/** Reads the JSON body of a POST. @throws BadRequest when it is no well-formed GraphQL request. */
export function requestOfBody(body: string): GraphQLRequest {
  return wellFormed(parsed(body, 'The body'));
}

/** Reads the parameters of a GET. @throws BadRequest when they make no well-formed GraphQL request. */
export function requestOfParameters(parameters: URLSearchParams): GraphQLRequest {
  const json = (name: string): unknown => {
    const value = parameters.get(name);
    return value === null || value === '' ? undefined : parsed(value, `The parameter "${name}"`);
  };
  return wellFormed({
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    operationName: parameters.get('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

/** Reads one operation of a batch. @throws BadRequest when it is no well-formed GraphQL request. */
export const requestOfJson = (json: unknown): GraphQLRequest => wellFormed(json);

function parsed(text: string, what: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new BadRequest(`${what} is not well-formed JSON.`);
  }
}

function wellFormed(request: unknown): GraphQLRequest {
  if (!isObject(request)) throw new BadRequest('A GraphQL request is a JSON object.');
  const { query, documentId, operationName, variables, extensions } = request;
  if (documentId != null && typeof documentId !== 'string') throw new BadRequest('"documentId" must be a string.');
  if (operationName != null && typeof operationName !== 'string')
    throw new BadRequest('"operationName" must be a string.');
  if (variables != null && !isObject(variables)) throw new BadRequest('"variables" must be a JSON object.');
  if (extensions != null && !isObject(extensions)) throw new BadRequest('"extensions" must be a JSON object.');
  const persisted = documentId != null || extensions?.persistedQuery != null;
  return { query: documentText(query, persisted), documentId, operationName, variables, extensions };
}

/** The text of a document; empty where a persisted query is named instead. */
function documentText(query: unknown, persisted: boolean): string {
  if (persisted && (query == null || query === '')) return '';
  if (typeof query !== 'string' || query === '') throw new BadRequest('"query" must be a GraphQL document.');
  return query;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber);
