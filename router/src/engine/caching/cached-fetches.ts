import { type DocumentNode, Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { Rights } from '../authorization/rights.js';
import type { ExecutionRequest } from '../execution/execution-request.js';
import { privateAudienceOf, publicAudienceOf } from '../execution/shared-headers.js';
import type { Fetches, SubgraphCalls } from '../execution/subgraph-calls.js';
import type { CompiledFetch } from '../plan/fetch-nodes.js';
import type { Supergraph } from '../supergraph.js';
import type { AnswerCache } from './answer-cache.js';
import { CacheHints } from './cache-hints.js';
import { digest, framed } from './cache-key.js';
import { CachedEntities } from './cached-entities.js';
import { CachedRoots } from './cached-roots.js';
import { fetchHints, type HintSources } from './fetch-hints.js';
import { FetchPolicy, type SubgraphCaching } from './fetch-policy.js';
import { Freshness } from './freshness.js';

/** Who gets an answer, as far as it decides which one. */
export interface CacheAudience {
  /** Equal for callers whom no subgraph can tell apart, other headers aside. */
  readonly caller: string;
  /** Whose writing makes what is kept for them out of date; undefined for who has not signed in. */
  readonly subject: string | undefined;
  /** What they are in fact permitted, whatever the operation is run with. */
  readonly rights: Rights;
  /** The policies that the rights were asked for. */
  readonly decided: readonly string[];
}

export interface CachingOptions {
  readonly answers: AnswerCache;
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
    { schema, rules, sdl }: Supergraph,
  ) {
    this.sources = { schema, rules, hints: new CacheHints(schema), tags: options.tags };
    this.generation = digest(sdl);
  }

  around(calls: SubgraphCalls, request: ExecutionRequest, audience: CacheAudience): Fetches {
    const freshness = new Freshness();
    const scope = new CacheScope(this, calls, request, audience, freshness);
    const roots = new CachedRoots(scope);
    const entities = new CachedEntities(scope);
    return {
      root: (node) => roots.fetch(node),
      entities: (requests, entityRequest, batches) => entities.fetch(requests, entityRequest, batches),
      freshness,
    };
  }

  get answers(): AnswerCache {
    return this.options.answers;
  }

  /** Whoever has written reads what they wrote. Never rejects: what a store cannot do now it does before it is read again. */
  async forget({ subject }: CacheAudience): Promise<void> {
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

  /** What all answers to the fetch have in common that one audience may get. */
  prefixOf(subgraph: string, policy: FetchPolicy, audience: string): string {
    return framed([this.generation, subgraph, policy.document, audience]);
  }
}

/** The kept answers as one execution sees them. */
export class CacheScope {
  private readonly decided: ReadonlySet<string>;

  constructor(
    private readonly fetches: CachedFetches,
    readonly calls: SubgraphCalls,
    readonly request: ExecutionRequest,
    private readonly audience: CacheAudience,
    readonly freshness: Freshness,
  ) {
    this.decided = new Set(audience.decided);
  }

  get answers(): AnswerCache {
    return this.fetches.answers;
  }

  policyOf(fetch: CompiledFetch): FetchPolicy {
    return this.fetches.policyOf(fetch);
  }

  /** Under what answers to the fetch are kept, up to its variables, and which tags come of whom they are for. Rejects with SubgraphUnavailable. */
  async placeOf(subgraph: string, policy: FetchPolicy): Promise<Place> {
    const headers = await this.calls.headersFor(subgraph);
    const { caller, subject, rights } = this.audience;
    const { tenant = '' } = this.request;
    const sharing = policy.sharing(rights, this.decided);
    if (sharing.kind === 'public') {
      const audience = framed(['public', publicAudienceOf(headers, tenant), sharing.rights]);
      return { prefix: this.fetches.prefixOf(subgraph, policy, audience), tags: [] };
    }
    const audience = framed(['private', privateAudienceOf(headers, caller), tenant]);
    const tags = subject === undefined ? [] : [callerTag(subject)];
    return { prefix: this.fetches.prefixOf(subgraph, policy, audience), tags };
  }
}

interface Place {
  readonly prefix: string;
  readonly tags: readonly string[];
}

const callerTag = (subject: string): string => `caller:${digest(subject)}`;

/** What a fetch asks for: its name comes from the client's operation, and decides nothing. */
function withoutName(query: string): string {
  const document: DocumentNode = visit(parse(query, { noLocation: true }), {
    [Kind.OPERATION_DEFINITION]: ({ name: _, ...operation }) => operation,
  });
  return stripIgnoredCharacters(print(document));
}
