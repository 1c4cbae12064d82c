import type { SubgraphEndpoint, SubgraphResponse } from '../endpoint.js';
import { SubgraphFailure, SubgraphInvalidResponse, SubgraphUnavailable } from '../errors.js';
import type { Variables } from '../operation/variables.js';
import type {
  CompiledFetch,
  CompiledPlan,
  EntityFetchNode,
  PlannedNode,
  RootFetchNode,
} from '../plan/compiled-plan.js';
import { type DataObject, isDataObject } from '../plan/data.js';
import { objectsAt } from '../plan/flatten.js';
import type { ObjectShape } from '../projection/shapes.js';
import { type EntityBatch, entityBatches } from './entity-batch.js';
import { ErrorReport } from './error-report.js';
import type { Merger } from './merge.js';
import { callSubgraph, faultOf } from './subgraph-call.js';

type Headers = Record<string, string>;

/** What an engine lends to all of its executions. */
export interface ExecutionResources {
  readonly merger: Merger;
  endpoint(subgraph: string): SubgraphEndpoint;
  timeoutMs(subgraph: string): number;
  /** Told once of every failed fetch, with its cause. */
  onSubgraphFailure?(failure: SubgraphFailure): void;
}

/** What one request brings along. */
export interface ExecutionRequest {
  readonly variables: Variables;
  headers(subgraph: string): Headers | Promise<Headers>;
  readonly signal?: AbortSignal;
}

/** One run of a plan: fetches in the plan's order, their answers merged into one tree. */
export class Execution {
  readonly data: DataObject = {};
  readonly report = new ErrorReport(this.data);
  private readonly headers = new Map<string, Headers | Promise<Headers>>();
  /** A mutation whose remaining root fields are not run, because the answer is null already. */
  stopped = false;

  constructor(
    private readonly resources: ExecutionResources,
    private readonly request: ExecutionRequest,
    private readonly plan: CompiledPlan,
    private readonly shape: ObjectShape,
  ) {}

  /** Rejects only with OperationAborted; subgraphs' failures go to the report. */
  async run(): Promise<void> {
    await this.node(this.plan.node);
  }

  /** Takes in the event that this run completes. @throws SubgraphInvalidResponse */
  begin(primary: CompiledFetch, event: SubgraphResponse): void {
    const fault = faultOf(event);
    if (fault) throw new SubgraphInvalidResponse(primary.subgraph, fault);
    const { data, errors } = event;
    if (data) {
      primary.rewriteOutput?.(data);
      this.merge(this.data, data);
    }
    if (errors?.length) this.report.carry(primary, errors, undefined, Boolean(data));
  }

  private node(node: PlannedNode): Promise<unknown> | undefined {
    switch (node.kind) {
      case 'fetch':
        return this.fetchRoot(node);
      case 'entities':
        return this.fetchEntities(node);
      case 'sequence':
        return this.sequence(node.nodes);
      case 'parallel':
        return Promise.all(node.nodes.map((child) => this.node(child)));
      case 'condition': {
        const branch = this.request.variables[node.variable] ? node.whenTrue : node.whenFalse;
        return branch && this.node(branch);
      }
    }
  }

  private async sequence(nodes: readonly PlannedNode[]): Promise<void> {
    for (const node of nodes) {
      if (this.stopped) return;
      await this.node(node);
    }
  }

  private async fetchRoot({ fetch, mutation }: RootFetchNode): Promise<void> {
    const targets = objectsAt(this.data, fetch.path);
    if (targets.length === 0) return;
    const response = await this.call(fetch, undefined);
    const { data } = response ?? {};
    if (data) {
      fetch.rewriteOutput?.(data);
      for (const target of targets) this.merge(target, data);
    }
    if (mutation && this.leavesRootNull(fetch)) this.stopped = true;
  }

  private fetchEntities(node: EntityFetchNode): Promise<unknown> | undefined {
    const [first, ...others] = entityBatches(node, this.data);
    if (!first) return undefined;
    if (others.length === 0) return this.fetchBatch(node.fetch, first);
    return Promise.all([first, ...others].map((batch) => this.fetchBatch(node.fetch, batch)));
  }

  private async fetchBatch(fetch: CompiledFetch, batch: EntityBatch): Promise<void> {
    const response = await this.call(fetch, batch);
    const entities = response?.data?.['_entities'] as unknown[] | undefined;
    if (!entities) return;
    fetch.rewriteOutput?.(entities);
    for (const [object, index] of batch.waiting) {
      const entity = entities[index];
      if (isDataObject(entity)) this.merge(object, entity);
    }
  }

  private merge(target: DataObject, source: DataObject): void {
    this.resources.merger.into(target, this.plan.sharesResults ? source : structuredClone(source));
  }

  /** Undefined when the fetch failed; the report then says so. */
  private async call(fetch: CompiledFetch, batch: EntityBatch | undefined): Promise<SubgraphResponse | undefined> {
    const { subgraph } = fetch;
    try {
      const response = await callSubgraph({
        subgraph,
        endpoint: this.resources.endpoint(subgraph),
        request: { query: fetch.query, variables: this.variables(fetch, batch), operationName: fetch.operationName },
        headers: await this.headersFor(subgraph),
        timeoutMs: this.resources.timeoutMs(subgraph),
        signal: this.request.signal,
      });
      if (batch) checkEntities(subgraph, response, batch.representations.length);
      if (response.errors?.length) this.report.carry(fetch, response.errors, batch, Boolean(response.data));
      return response;
    } catch (error) {
      if (!(error instanceof SubgraphFailure)) throw error;
      this.resources.onSubgraphFailure?.(error);
      this.report.failure(fetch, error, batch);
      return undefined;
    }
  }

  private variables(fetch: CompiledFetch, batch: EntityBatch | undefined): Record<string, unknown> {
    const variables = variablesOf(fetch, this.request.variables);
    if (!batch) return variables;
    variables['representations'] = batch.representations;
    return batch.contextArguments ? Object.assign(variables, batch.contextArguments) : variables;
  }

  private async headersFor(subgraph: string): Promise<Headers> {
    try {
      const headers = this.headers.get(subgraph) ?? this.request.headers(subgraph);
      this.headers.set(subgraph, headers);
      return await headers;
    } catch (error) {
      throw new SubgraphUnavailable(subgraph, error);
    }
  }

  /** A non-null root field without a value makes the whole answer null: what a mutation has not begun stays undone. */
  private leavesRootNull({ responseKeys }: CompiledFetch): boolean {
    return this.shape.fields.some(({ kind, key, type }) => {
      const missing = this.data[key] === null || this.data[key] === undefined;
      return kind === 'value' && type.nonNull && missing && responseKeys.includes(key);
    });
  }
}

/** The operation's variables that a fetch uses. */
export function variablesOf(fetch: Pick<CompiledFetch, 'variables'>, given: Variables): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const name of fetch.variables) {
    const value = given[name];
    if (value !== undefined) variables[name] = value;
  }
  return variables;
}

/** One entity, or null, for each representation; errors alone may stand for all of them. */
function checkEntities(subgraph: string, { data, errors }: SubgraphResponse, expected: number): void {
  const entities = data?.['_entities'];
  if ((entities === undefined || entities === null) && errors?.length) return;
  if (!Array.isArray(entities)) throw new SubgraphInvalidResponse(subgraph, '_entities that is no list');
  if (entities.length !== expected) {
    throw new SubgraphInvalidResponse(subgraph, `${entities.length} entities for ${expected} representations`);
  }
}
