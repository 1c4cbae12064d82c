import type { GraphQLSchema } from 'graphql';
import type { AuthorizationContext } from '../authorization/authorization-context.js';
import type { CachePartition } from '../caching/cache-partition.js';
import type { CachedFetches } from '../caching/cached-fetches.js';
import type { FetchRequest, FetchResources } from '../fetching/fetch-request.js';
import type { Merger } from './merge.js';
import type { ResponseBuilder } from './response-builder.js';

/** What an engine lends to all of its executions. */
export interface ExecutionResources extends FetchResources {
  readonly merger: Merger;
  readonly builder: ResponseBuilder;
  /** Answers of subgraphs that are kept; undefined where none are. */
  readonly cache: CachedFetches | undefined;
  /** What introspection shows to a caller. */
  visibleSchema(authorization: AuthorizationContext): GraphQLSchema;
}

/** What one request brings along. */
export interface ExecutionRequest extends FetchRequest {
  /** With whom kept answers may be shared; without it none are used. */
  readonly cachePartition?: CachePartition;
}
