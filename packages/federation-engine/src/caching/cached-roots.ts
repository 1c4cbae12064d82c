import { parseJson } from '@platform/foundation/json';
import type { DataObject } from '../base/data.js';
import type { SubgraphResponse } from '../base/endpoint.js';
import type { SharedResult } from '../fetching/request-deduplicator.js';
import type { RootFetchNode } from '../plan/fetch-nodes.js';
import { digest, framed } from './cache-key.js';
import { type FetchPolicy, notCacheable, type Ttl } from './fetch-policy.js';
import type { RequestCache } from './request-cache.js';
import type { CacheEntry } from './response-cache.js';
import { ttlOf } from './response-ttl.js';

/** Fetches of root fields: all that one asks of a subgraph is kept together. */
export class CachedRoots {
  constructor(private readonly scope: RequestCache) {}

  /** Rejects with SubgraphFailure or OperationAborted. */
  async fetch(node: RootFetchNode): Promise<SharedResult<SubgraphResponse>> {
    const { calls, answers } = this.scope;
    const { subgraph } = node.fetch;
    const policy = this.scope.policyOf(node.fetch);
    if (!policy.isCacheable) return this.ask(node, policy, undefined);
    const variables = calls.variables(node.template);
    const found = await this.find(node, policy, variables);
    if (found?.text === undefined) {
      if (found) answers.observer?.fetched(subgraph, 'root', found.versions ? 'miss' : 'away');
      return this.ask(node, policy, found);
    }
    answers.observer?.fetched(subgraph, 'root', found.fresh > 0 ? 'hit' : 'stale');
    calls.spend(subgraph, found.text.length);
    this.scope.freshness.add(found.fresh, policy.isForEverybody);
    if (found.fresh <= 0) {
      answers.renewing([{ found }], async () => {
        const value = await calls.again(subgraph, node.template, variables);
        this.keep(found, value, rootTtl(policy, value));
      });
    }
    return { value: { data: parseJson(found.text) as DataObject }, shared: false };
  }

  private async find(node: RootFetchNode, policy: FetchPolicy, variables: string): Promise<CacheEntry | undefined> {
    const tags = policy.rootTags(this.scope.request.variables);
    if (!tags) return undefined;
    const place = await this.scope.placeOf(node.fetch.subgraph, policy);
    const lookup = { key: digest(framed([place.prefix, variables])), tags: [...tags, ...place.tags] };
    const [found] = await this.scope.answers.find([lookup]);
    return found;
  }

  private async ask(
    node: RootFetchNode,
    policy: FetchPolicy,
    found: CacheEntry | undefined,
  ): Promise<SharedResult<SubgraphResponse>> {
    const called = await this.scope.calls.root(node);
    const ttl = rootTtl(policy, called.value);
    this.scope.freshness.add(ttl.fresh, policy.isForEverybody);
    if (found && called.own) this.keep(found, called.value, ttl);
    return called;
  }

  private keep(found: CacheEntry, { data }: SubgraphResponse, ttl: Ttl): void {
    if (ttl.fresh > 0) this.scope.answers.keep([{ found, text: JSON.stringify(data), ttl }]);
  }
}

/** What is not there is asked for again: it may come into being at any time. */
function rootTtl(policy: FetchPolicy, response: SubgraphResponse): Ttl {
  const ttl = ttlOf(policy, response);
  return response.data && !Object.values(response.data).includes(null) ? ttl : notCacheable;
}
