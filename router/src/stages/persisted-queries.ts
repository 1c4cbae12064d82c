import { BadRequest } from '../errors.js';
import { clientNameOf, type PersistedQueries, requestedId } from '../persisted-queries/index.js';
import type { AroundStage } from '../stage.js';

/** Puts the document in the place of its id. One that registers itself is kept once it has proved to be valid. */
export const persistedQueries =
  (queries: PersistedQueries): AroundStage<never, 'request' | 'querySource'> =>
  async (context, next) => {
    const { request } = context;
    const requested = requestedId(request);
    if (!requested) {
      if (!request.query) throw new BadRequest('"query" must be a GraphQL document.');
      return next({ request, querySource: 'body' });
    }
    const clientName = clientNameOf(context);
    const { text, source, registers } = await queries.find(requested, request.query, { clientName });
    const answer = await next({ request: { ...request, query: text }, querySource: source });
    if (registers !== undefined && context.operation) await queries.register(registers, text);
    return answer;
  };
