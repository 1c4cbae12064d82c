import { OperationTypeNode } from 'graphql';
import type { AroundStage } from '../stage.js';

/**
 * Tells clients, and caches on the way to them, for how long an answer holds: as long as the part that holds shortest, for
 * everybody where each part is public and no right matters. What is neither, has errors, or carries headers of subgraphs is left to the default: nobody keeps it.
 * @param varying the client's headers that may decide about the answer, besides who it is for; `*` where nobody can name them.
 */
export function cacheControlHeader(varying: readonly string[]): AroundStage<'operation'> {
  const vary = varying.includes('*') ? '*' : ['Accept', 'Authorization', ...varying].join(', ');
  return async ({ operation }, next) => {
    const answer = await next();
    if ('stream' in answer || answer.result.errors?.length || answer.status !== undefined) return answer;
    if (answer.passed?.length) return answer;
    if (operation.type !== OperationTypeNode.QUERY) return answer;
    const freshness = answer.result.freshness?.();
    if (!freshness || freshness.maxAge === 0 || operation.introspection) return answer;
    const scope = freshness.isForEverybody ? 'public' : 'private';
    return {
      ...answer,
      headers: { ...answer.headers, 'cache-control': `${scope}, max-age=${freshness.maxAge}`, vary },
    };
  };
}
