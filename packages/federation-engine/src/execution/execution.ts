import type { SubgraphResponse } from '../base/endpoint.js';
import type { Fetches } from '../fetching/fetches.js';
import { SubgraphCalls } from '../fetching/subgraph-calls.js';
import type { BatchedFetch, BatchedNode, CompiledPlan } from '../plan/compiled-plan.js';
import type { CompiledFetch, DeferNode, DeferredFragment, RootFetchNode } from '../plan/fetch-nodes.js';
import type { ObjectShape } from '../projection/shapes.js';
import { DeferredFragments } from './deferred-fragments.js';
import { EntityFetches } from './entity-fetches.js';
import { ErrorReport } from './error-report.js';
import type { ExecutionRequest, ExecutionResources } from './execution-request.js';
import { RootFetches } from './root-fetches.js';
import { SharedData } from './shared-data.js';

const settled = Promise.resolve();

/** One run of a plan: fetches in the plan's order, their answers merged into one tree. A deferred part is a run of its own, on the same data. */
export class Execution {
  readonly data: SharedData;
  readonly report: ErrorReport;
  readonly parts: DeferredFragments;
  readonly calls: Fetches;
  private readonly roots: RootFetches;
  private readonly entities: EntityFetches;
  /** A mutation whose remaining root fields are not run, because the answer is null already. */
  stopped = false;

  constructor(
    private readonly resources: ExecutionResources,
    private readonly request: ExecutionRequest,
    private readonly plan: CompiledPlan,
    private readonly shape: ObjectShape,
    around?: Execution,
    /** What has to be done before there is nothing more to wait for. */
    private readonly before: Promise<unknown> = settled,
  ) {
    this.calls = around?.calls ?? fetchesOf(resources, request, plan);
    this.data = around?.data ?? new SharedData(resources.merger, plan);
    this.parts = around?.parts ?? new DeferredFragments(plan.awaited);
    this.report = new ErrorReport(this.data.root);
    this.roots = new RootFetches(this.calls, this.data, this.report);
    this.entities = new EntityFetches(this.calls, this.data, this.report, resources.onSubgraphFailure);
  }

  /** Everything but the deferred parts, which go on. Rejects only with OperationAborted; subgraphs' failures go to the report. */
  async run(): Promise<void> {
    await this.node(this.plan.node);
  }

  /** Takes in the event that this run completes. @throws SubgraphInvalidResponse */
  begin(primary: CompiledFetch, event: SubgraphResponse): void {
    this.roots.take(primary, event);
  }

  private node(node: BatchedNode): Promise<unknown> | undefined {
    switch (node.kind) {
      case 'fetch':
        return this.awaited(node.fetch.id, node.mutation ? this.mutate(node) : this.roots.fetch(node));
      case 'entities': {
        const { ids } = node.requests;
        const fetched = this.entities.fetch(node);
        return ids.length === 0 ? fetched : Promise.all(ids.map((id) => this.awaited(id, fetched)));
      }
      case 'sequence':
        return this.sequence(node.nodes);
      case 'parallel':
        return Promise.all(node.nodes.map((child) => this.node(child)));
      case 'condition': {
        const branch = this.request.variables[node.variable] ? node.whenTrue : node.whenFalse;
        return branch && this.node(branch);
      }
      case 'defer':
        return this.primary(node);
    }
  }

  private async primary({ primary, deferred }: DeferNode<BatchedFetch>): Promise<void> {
    const answered = Promise.resolve(primary && this.node(primary));
    const done = Promise.all([this.before, answered]);
    done.catch(() => {});
    for (const part of deferred) this.defer(part, done);
    await answered;
  }

  /** A fetch that is left out never arrives: with everything around the part done, there is nothing more to wait for. */
  private defer({ id, after, node }: DeferredFragment<BatchedFetch>, around: Promise<unknown>): void {
    const part = new Execution(this.resources, this.request, this.plan, this.shape, this, around);
    const begun = this.plan.shareable ? Promise.race([this.parts.after(after), around]) : around;
    const run = async () => {
      await begun;
      if (node) await part.node(node);
    };
    this.parts.begin(id, part.report, run());
  }

  private awaited(id: string | undefined, fetched: Promise<unknown> | undefined): Promise<unknown> | undefined {
    if (id === undefined) return fetched;
    return Promise.resolve(fetched).then(() => this.parts.arrived(id));
  }

  private async sequence(nodes: readonly BatchedNode[]): Promise<void> {
    for (const node of nodes) {
      if (this.stopped) return;
      await this.node(node);
    }
  }

  private async mutate(node: RootFetchNode): Promise<void> {
    await this.roots.fetch(node);
    if (this.leavesRootNull(node.fetch.responseKeys)) this.stopped = true;
  }

  /** A non-null root field without a value makes the whole answer null: what a mutation has not begun stays undone. */
  private leavesRootNull(responseKeys: readonly string[]): boolean {
    const { root } = this.data;
    return this.shape.fields.some(({ kind, key, type }) => {
      const missing = root[key] === null || root[key] === undefined;
      return kind === 'value' && type.nonNull && missing && responseKeys.includes(key);
    });
  }
}

/** With the cache in between where there is one; never for what writes, and for whom nobody has said what they may share. */
function fetchesOf(resources: ExecutionResources, request: ExecutionRequest, plan: CompiledPlan): Fetches {
  const calls = new SubgraphCalls(resources, request, plan);
  const { cache } = resources;
  return cache && request.cachePartition && plan.shareable
    ? cache.around(calls, request, request.cachePartition)
    : calls;
}
