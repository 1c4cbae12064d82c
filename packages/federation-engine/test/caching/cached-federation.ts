import {
  type AuthorizationContext,
  type CacheObserver,
  type CachePartition,
  type EngineOptions,
  MemoryResponseCacheStore,
  ResponseCache,
  type ResponseCacheStore,
  type SubgraphCaching,
  unauthenticated,
} from '@platform/federation-engine';
import { Federation, type TestSubgraph } from '../federation.js';

/** What a subgraph links to say for how long its answers hold, and what puts them out of date. */
export const CACHING = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@requires", "@external", "@composeDirective", "@cacheTag", "@policy", "@requiresScopes", "@authenticated"])
  @link(url: "https://specs.example.com/cacheControl/v0.1", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }`;

/** The configuration's defaults. */
export const caching: SubgraphCaching = {
  enabled: true,
  maxAge: null,
  scope: 'private',
  maxTtl: 86_400_000,
  staleWhileRevalidate: 0,
};

interface KeptOptions extends Partial<EngineOptions> {
  readonly subgraph?: Partial<SubgraphCaching>;
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly store?: ResponseCacheStore;
  readonly longestText?: number;
}

/** A federation that keeps answers, with a clock that the test moves. */
export class CachedFederation extends Federation {
  readonly answers: ResponseCache;
  readonly fetched: Parameters<CacheObserver['fetched']>[] = [];
  private readonly clock: { now: number };

  constructor(
    subgraphs: readonly TestSubgraph[],
    { subgraph, tags = {}, store, longestText = 100_000, ...options }: KeptOptions = {},
  ) {
    const clock = { now: 1_000_000 };
    const fetched: Parameters<CacheObserver['fetched']>[] = [];
    const answers = new ResponseCache(store ?? new MemoryResponseCacheStore(1_000_000), {
      longestText,
      now: () => clock.now,
      observer: { fetched: (...told) => void fetched.push(told), invalidated: () => {} },
    });
    super(subgraphs, { caching: { answers, tags, subgraph: () => ({ ...caching, ...subgraph }) }, ...options });
    this.answers = answers;
    this.fetched = fetched;
    this.clock = clock;
  }

  /** Lets so many seconds go by. */
  pass(seconds: number): void {
    this.clock.now += seconds * 1000;
  }

  /** How often each subgraph has been asked. */
  get asked(): Record<string, number> {
    const asked: Record<string, number> = {};
    for (const { subgraph } of this.requests) asked[subgraph] = (asked[subgraph] ?? 0) + 1;
    return asked;
  }
}

/** Somebody for whom operations are run. */
export const partition = (
  caller: string,
  authorization: AuthorizationContext = unauthenticated,
  decided: readonly string[] = [],
): CachePartition => ({
  caller,
  subject: caller === 'nobody' ? undefined : caller,
  authorization,
  decided,
});
