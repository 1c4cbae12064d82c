import { BadRequest } from '../errors.js';
import type { Stage } from '../operation.js';
import { clientNameOf, type PersistedQueries, requestedId } from '../persisted-queries/index.js';

/** Puts the document in the place of its id. One that registers itself is kept once it has proved to be valid. */
export const persistedQueries =
  (queries: PersistedQueries): Stage =>
  async (context, next) => {
    const { request } = context;
    const requested = requestedId(request);
    if (!requested) {
      if (!request.query) throw new BadRequest('"query" must be a GraphQL document.');
      return next();
    }
    const clientName = clientNameOf(context);
    const { text, source, registers } = await queries.find(requested, request.query, { clientName });
    context.request = { ...request, query: text };
    context.querySource = source;
    const answer = await next();
    if (registers !== undefined && context.operation) await queries.register(registers, text);
    return answer;
  };
