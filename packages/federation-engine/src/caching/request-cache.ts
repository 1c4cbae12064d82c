import type { FetchRequest } from '../fetching/fetch-request.js';
import type { PlainFetches } from '../fetching/fetches.js';
import type { Freshness } from '../fetching/freshness.js';
import { privateAudienceOf, publicAudienceOf } from '../fetching/shared-headers.js';
import type { CompiledFetch } from '../plan/fetch-nodes.js';
import { digest, framed } from './cache-key.js';
import type { CachePartition } from './cache-partition.js';
import type { FetchPolicy } from './fetch-policy.js';
import type { ResponseCache } from './response-cache.js';

/** What is kept of the fetches of one supergraph. */
interface KeptFetches {
  readonly answers: ResponseCache;
  policyOf(fetch: CompiledFetch): FetchPolicy;
  /** What all answers to the fetch have in common that one audience may get. */
  prefixOf(subgraph: string, policy: FetchPolicy, audience: string): string;
}

/** The kept answers as one execution sees them. */
export class RequestCache {
  private readonly decided: ReadonlySet<string>;

  constructor(
    private readonly kept: KeptFetches,
    readonly calls: PlainFetches,
    readonly request: FetchRequest,
    private readonly partition: CachePartition,
    readonly freshness: Freshness,
  ) {
    this.decided = new Set(partition.decided);
  }

  get answers(): ResponseCache {
    return this.kept.answers;
  }

  policyOf(fetch: CompiledFetch): FetchPolicy {
    return this.kept.policyOf(fetch);
  }

  /** Under what answers to the fetch are kept, up to its variables, and which tags come of whom they are for. Rejects with SubgraphUnavailable. */
  async placeOf(subgraph: string, policy: FetchPolicy): Promise<Place> {
    const headers = await this.calls.headersFor(subgraph);
    const { caller, subject, authorization } = this.partition;
    const { tenant = '' } = this.request;
    const sharing = policy.sharing(authorization, this.decided);
    if (sharing.kind === 'public') {
      const audience = framed(['public', publicAudienceOf(headers, tenant), sharing.authorization]);
      return { prefix: this.kept.prefixOf(subgraph, policy, audience), tags: [] };
    }
    const audience = framed(['private', privateAudienceOf(headers, caller), tenant]);
    const tags = subject === undefined ? [] : [callerTag(subject)];
    return { prefix: this.kept.prefixOf(subgraph, policy, audience), tags };
  }
}

interface Place {
  readonly prefix: string;
  readonly tags: readonly string[];
}

/** Of what is kept for one who has signed in alone. */
export const callerTag = (subject: string): string => `caller:${digest(subject)}`;
