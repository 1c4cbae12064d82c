import type { SubgraphResponse } from '../base/endpoint.js';
import { SubgraphInvalidResponse } from '../base/errors.js';
import type { Fetches } from '../fetching/fetches.js';
import { validateResponseShape } from '../fetching/subgraph-call.js';
import { subgraphFailure } from '../fetching/subgraph-calls.js';
import type { CompiledFetch, RootFetchNode } from '../plan/fetch-nodes.js';
import { objectsAt } from '../plan/flatten.js';
import { clone } from './clone.js';
import { type ErrorReport, rootPaths, rootPlaces } from './error-report.js';
import type { SharedData } from './shared-data.js';

/** Fetches root fields, and takes in the events of subscriptions. */
export class RootFetches {
  constructor(
    private readonly calls: Fetches,
    private readonly data: SharedData,
    private readonly report: ErrorReport,
  ) {}

  /** Rejects only with OperationAborted. */
  async fetch(node: RootFetchNode): Promise<void> {
    const { fetch } = node;
    const targets = objectsAt(this.data.root, fetch.path);
    if (targets.length === 0) return;
    try {
      const { value: response, shared } = await this.calls.root(node);
      const { data, errors } = response;
      if (errors?.length) this.carry(fetch, response);
      if (data) {
        const own = shared ? clone(data) : data;
        fetch.rewriteOutput?.(own);
        for (const target of targets) this.data.merge(target, own);
      }
    } catch (error) {
      this.report.failure(subgraphFailure(error), rootPlaces(fetch, this.report.rootBases(fetch)));
    }
  }

  /** @throws SubgraphInvalidResponse */
  take(primary: CompiledFetch, event: SubgraphResponse): void {
    const fault = validateResponseShape(event);
    if (fault) throw new SubgraphInvalidResponse(primary.subgraph, fault);
    const { data, errors } = event;
    if (data) {
      primary.rewriteOutput?.(data);
      this.data.merge(this.data.root, data);
    }
    if (errors?.length) this.carry(primary, event);
  }

  private carry(fetch: CompiledFetch, { data, errors = [] }: SubgraphResponse): void {
    const bases = this.report.rootBases(fetch);
    this.report.carry(fetch.subgraph, errors, (path) => {
      if (path) return rootPaths(fetch, bases, path);
      return data ? [undefined] : rootPlaces(fetch, bases);
    });
  }
}
