import { type DocumentNode, Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { FetchRequest } from '../fetching/fetch-request.js';
import type { Fetches, PlainFetches } from '../fetching/fetches.js';
import { Freshness } from '../fetching/freshness.js';
import type { CompiledFetch } from '../plan/fetch-nodes.js';
import type { Supergraph } from '../schema/supergraph.js';
import { digest, framed } from './cache-key.js';
import type { CachePartition } from './cache-partition.js';
import { CachedEntities } from './cached-entities.js';
import { CachedRoots } from './cached-roots.js';
import { fetchHints, type HintSources } from './fetch-hints.js';
import { FetchPolicy, type SubgraphCaching } from './fetch-policy.js';
import { callerTag, RequestCache } from './request-cache.js';
import type { ResponseCache } from './response-cache.js';

export interface CachingOptions {
  readonly answers: ResponseCache;
  readonly subgraph: (name: string) => SubgraphCaching;
  /** Formats of tags by `Type` and `Query.field`, besides those of the schema. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** Fetches of one supergraph with the kept answers in between. What depends on a fetch alone is found out once, when it is first made. */
export class CachedFetches {
  private readonly policies = new WeakMap<CompiledFetch, FetchPolicy>();
  private readonly sources: HintSources;
  private readonly generation: string;

  constructor(
    private readonly options: CachingOptions,
    { schema, rules, sdl, cacheHints: hints }: Supergraph,
  ) {
    this.sources = { schema, rules, hints, tags: options.tags };
    this.generation = digest(sdl);
  }

  /** What the execution of a request fetches with: what is kept, and the given fetches for the rest. */
  around(fetches: PlainFetches, request: FetchRequest, partition: CachePartition): Fetches {
    const freshness = new Freshness();
    const scope = new RequestCache(this, fetches, request, partition, freshness);
    const roots = new CachedRoots(scope);
    const entities = new CachedEntities(scope);
    return {
      root: (node) => roots.fetch(node),
      entities: (requests, entityRequest, batches) => entities.fetch(requests, entityRequest, batches),
      freshness,
    };
  }

  get answers(): ResponseCache {
    return this.options.answers;
  }

  /** Whoever has written reads what they wrote. Never rejects: what a store cannot do now it does before it is read again. */
  async invalidatePartition({ subject }: CachePartition): Promise<void> {
    if (subject !== undefined) await this.answers.invalidate([callerTag(subject)]).catch(() => {});
  }

  policyOf(fetch: CompiledFetch): FetchPolicy {
    let policy = this.policies.get(fetch);
    if (!policy) {
      const caching = this.options.subgraph(fetch.subgraph);
      const hints = fetchHints(this.sources, fetch.subgraph, fetch.query, caching);
      policy = new FetchPolicy(withoutName(fetch.query), hints, caching);
      this.policies.set(fetch, policy);
    }
    return policy;
  }

  prefixOf(subgraph: string, policy: FetchPolicy, audience: string): string {
    return framed([this.generation, subgraph, policy.document, audience]);
  }
}

/** What a fetch asks for: its name comes from the client's operation, and decides nothing. */
function withoutName(query: string): string {
  const document: DocumentNode = visit(parse(query, { noLocation: true }), {
    [Kind.OPERATION_DEFINITION]: ({ name: _, ...operation }) => operation,
  });
  return stripIgnoredCharacters(print(document));
}
