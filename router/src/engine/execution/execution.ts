import type { GraphQLSchema } from 'graphql';
import type { Rights } from '../authorization/rights.js';
import type { SubgraphEndpoint, SubgraphResponse } from '../endpoint.js';
import { SubgraphFailure, SubgraphInvalidResponse, SubgraphUnavailable } from '../errors.js';
import type { Variables } from '../operation/variables.js';
import type { Overrides } from '../overrides.js';
import type { BatchedNode, CompiledPlan, EntitiesNode } from '../plan/compiled-plan.js';
import { type DataObject, isDataObject } from '../plan/data.js';
import type { EntityRequest } from '../plan/entity-requests.js';
import type { CompiledFetch, RootFetchNode } from '../plan/fetch-nodes.js';
import { objectsAt } from '../plan/flatten.js';
import type { RequestTemplate } from '../plan/request-template.js';
import { freshMemo, type Memo } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import { clone, isNested } from './clone.js';
import { contextualBatches, type EntityBatch, entityBatches } from './entity-batch.js';
import { ErrorReport } from './error-report.js';
import type { Merger } from './merge.js';
import { ResponseBudget, type ResponseLimits } from './response-budget.js';
import { audienceOf, publicAudienceOf } from './shared-headers.js';
import type { Landed, SingleFlight } from './single-flight.js';
import { callSubgraph, faultOf } from './subgraph-call.js';
import { PreparedRequest } from './subgraph-request.js';

type Headers = Record<string, string>;

/** What an engine lends to all of its executions. */
export interface ExecutionResources {
  readonly merger: Merger;
  /** Undefined where no two executions share a request. */
  readonly flights: SingleFlight<SubgraphResponse> | undefined;
  endpoint(subgraph: string): SubgraphEndpoint;
  timeoutMs(subgraph: string): number;
  readonly responses: ResponseLimits;
  /** What introspection shows to a caller. */
  visibleSchema(rights: Rights): GraphQLSchema;
  /** Told once of every failed request, with its cause. */
  onSubgraphFailure?(failure: SubgraphFailure): void;
}

/** What one request brings along. */
export interface ExecutionRequest {
  readonly variables: Variables;
  headers(subgraph: string): Headers | Promise<Headers>;
  readonly signal?: AbortSignal;
  /** What is public is so within a tenant. */
  readonly tenant?: string;
  /** Which progressive overrides are in effect. */
  readonly overrides?: Overrides;
}

/** One run of a plan: fetches in the plan's order, their answers merged into one tree. */
export class Execution {
  readonly data: DataObject = {};
  readonly report = new ErrorReport(this.data);
  /** Values that stand in several places of the data. */
  readonly repeated = new Map<object, Memo>();
  private readonly budget: ResponseBudget;
  private readonly headers = new Map<string, Headers | Promise<Headers>>();
  /** A mutation whose remaining root fields are not run, because the answer is null already. */
  stopped = false;

  constructor(
    private readonly resources: ExecutionResources,
    private readonly request: ExecutionRequest,
    private readonly plan: CompiledPlan,
    private readonly shape: ObjectShape,
  ) {
    this.budget = new ResponseBudget(resources.responses);
  }

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
    if (errors?.length) this.carryRoot(primary, event);
  }

  private node(node: BatchedNode): Promise<unknown> | undefined {
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

  private async sequence(nodes: readonly BatchedNode[]): Promise<void> {
    for (const node of nodes) {
      if (this.stopped) return;
      await this.node(node);
    }
  }

  private async fetchRoot({ fetch, template, mutation }: RootFetchNode): Promise<void> {
    const targets = objectsAt(this.data, fetch.path);
    if (targets.length === 0) return;
    try {
      const { value: response, shared } = await this.call(fetch.subgraph, template, this.variables(template));
      const { data, errors } = response;
      if (errors?.length) this.carryRoot(fetch, response);
      if (data) {
        const own = shared ? clone(data) : data;
        fetch.rewriteOutput?.(own);
        for (const target of targets) this.merge(target, own);
      }
    } catch (error) {
      this.report.failure(subgraphFailure(error), this.report.rootPlaces(fetch));
    }
    if (mutation && this.leavesRootNull(fetch.responseKeys)) this.stopped = true;
  }

  private carryRoot(fetch: CompiledFetch, { data, errors = [] }: SubgraphResponse): void {
    this.report.carry(fetch.subgraph, errors, (path) => {
      if (path) return this.report.rootPaths(fetch, path);
      return data ? [undefined] : this.report.rootPlaces(fetch);
    });
  }

  private fetchEntities({ requests }: EntitiesNode): Promise<unknown> | undefined {
    const [slot] = requests.slots;
    const [source] = slot?.sources ?? [];
    if (slot && source?.contexts) {
      const request = requests.request([slot]);
      const calls = contextualBatches(slot, source, this.data).map((batch) =>
        this.fetchBatches(requests.subgraph, request, [batch]),
      );
      return calls.length > 0 ? Promise.all(calls) : undefined;
    }
    const batches = entityBatches(requests, this.data, this.repeated);
    if (batches.length === 0) return undefined;
    const request = requests.request(batches.map((batch) => batch.slot));
    return this.fetchBatches(requests.subgraph, request, batches);
  }

  private async fetchBatches(
    subgraph: string,
    { template, aliases, representations }: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<void> {
    try {
      const variables = this.variables(template, batches, representations);
      const { value: response, shared } = await this.call(subgraph, template, variables);
      if (response.errors?.length) this.carry(subgraph, response, batches, aliases);
      for (let index = 0; index < batches.length; index++) {
        this.settle(subgraph, response, batches[index] as EntityBatch, aliases[index] as string, shared);
      }
    } catch (error) {
      const failure = subgraphFailure(error);
      for (const batch of batches) this.report.failure(failure, this.report.entityPlaces(batch));
    }
  }

  private carry(
    subgraph: string,
    { data, errors = [] }: SubgraphResponse,
    batches: readonly EntityBatch[],
    aliases: readonly string[],
  ): void {
    this.report.carry(subgraph, errors, (path) => {
      const batch = path && batches[aliases.indexOf(String(path[0]))];
      if (path && batch) return this.report.entityPaths(batch, path);
      return data && !path ? [undefined] : batches.flatMap((each) => this.report.entityPlaces(each));
    });
  }

  /** Gives the entities of one alias to those that wait for them; an alias that is answered wrongly fails alone. */
  private settle(
    subgraph: string,
    { data, errors }: SubgraphResponse,
    batch: EntityBatch,
    alias: string,
    shared: boolean,
  ): void {
    const entities = data?.[alias];
    if ((entities === undefined || entities === null) && errors?.length) return;
    const fault = faultOfEntities(entities, batch.count);
    if (fault) {
      const failure = new SubgraphInvalidResponse(subgraph, fault);
      this.resources.onSubgraphFailure?.(failure);
      this.report.failure(failure, this.report.entityPlaces(batch));
      return;
    }
    this.attach(batch, entities as unknown[], shared);
  }

  /** Each place has objects of its own: what is fetched for them later may differ between places. */
  private attach(batch: EntityBatch, entities: unknown[], shared: boolean): void {
    const { rewriteOutput } = batch.slot.fetch;
    const copied = shared || batch.waiting.length > 1 ? entities.some(isNested) : false;
    let given = shared && (copied || rewriteOutput) ? clone(entities) : entities;
    rewriteOutput?.(given);
    batch.waiting.forEach(({ objects, indexes }, place) => {
      if (place > 0 && copied) given = clone(given);
      if (batch.repeats) this.noteRepeated(given);
      for (let at = 0; at < objects.length; at++) {
        const entity = given[indexes[at] as number];
        if (isDataObject(entity)) this.merge(objects[at] as DataObject, entity);
      }
    });
  }

  private noteRepeated(entities: readonly unknown[]): void {
    for (const entity of entities) {
      if (!isDataObject(entity)) continue;
      for (const key in entity) {
        const value = entity[key];
        if (typeof value === 'object' && value !== null) this.repeated.set(value, freshMemo());
      }
    }
  }

  private merge(target: DataObject, source: DataObject): void {
    this.resources.merger.into(target, this.plan.sharesResults ? source : structuredClone(source));
  }

  /** Rejects with SubgraphFailure or OperationAborted. */
  private async call(
    subgraph: string,
    template: RequestTemplate,
    variables: string,
  ): Promise<Landed<SubgraphResponse>> {
    this.budget.check(subgraph);
    const request = new PreparedRequest(template, variables, this.resources.responses.perResponse);
    const headers = await this.headersFor(subgraph);
    const { flights } = this.resources;
    const { signal } = this.request;
    if (!flights || !this.plan.shareable) {
      const value = await this.send(subgraph, request, headers, signal);
      this.budget.take(subgraph, value);
      return { value, shared: false };
    }
    const audience = template.isPublic ? publicAudienceOf(headers, this.request.tenant) : audienceOf(headers);
    let own = false;
    const landed = await flights.join(`${subgraph}\n${audience}\n${request.body}`, signal, (last) => {
      own = true;
      return this.send(subgraph, request, headers, last);
    });
    this.budget.take(subgraph, landed.value);
    // What went wrong for another caller need not go wrong for this one.
    if (own || !template.isPublic || !landed.value.errors?.length) return landed;
    return { value: await this.send(subgraph, request, headers, signal), shared: false };
  }

  private async send(
    subgraph: string,
    request: PreparedRequest,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<SubgraphResponse> {
    const endpoint = this.resources.endpoint(subgraph);
    const timeoutMs = this.resources.timeoutMs(subgraph);
    try {
      return await callSubgraph({ subgraph, endpoint, request, headers, timeoutMs, signal });
    } catch (error) {
      if (error instanceof SubgraphFailure) this.resources.onSubgraphFailure?.(error);
      throw error;
    }
  }

  /** As JSON text. */
  private variables(
    template: RequestTemplate,
    batches: readonly EntityBatch[] = [],
    representations: readonly string[] = [],
  ): string {
    let fields = '';
    const add = (name: string, json: string) => {
      fields += `${fields === '' ? '' : ','}"${name}":${json}`;
    };
    for (const name of template.variables) {
      const value = this.request.variables[name];
      if (value !== undefined) add(name, JSON.stringify(value));
    }
    batches.forEach(({ representations: json, contextArguments }, index) => {
      add(representations[index] as string, json);
      for (const name in contextArguments) add(name, JSON.stringify(contextArguments[name]));
    });
    return `{${fields}}`;
  }

  private async headersFor(subgraph: string): Promise<Headers> {
    try {
      const headers = this.headers.get(subgraph) ?? this.request.headers(subgraph);
      this.headers.set(subgraph, headers);
      return await headers;
    } catch (error) {
      const failure = new SubgraphUnavailable(subgraph, error);
      this.resources.onSubgraphFailure?.(failure);
      throw failure;
    }
  }

  /** A non-null root field without a value makes the whole answer null: what a mutation has not begun stays undone. */
  private leavesRootNull(responseKeys: readonly string[]): boolean {
    return this.shape.fields.some(({ kind, key, type }) => {
      const missing = this.data[key] === null || this.data[key] === undefined;
      return kind === 'value' && type.nonNull && missing && responseKeys.includes(key);
    });
  }
}

/** Anything else is no subgraph's fault and ends the execution. */
function subgraphFailure(error: unknown): SubgraphFailure {
  if (error instanceof SubgraphFailure) return error;
  throw error;
}

/** One entity, or null, for each representation. */
function faultOfEntities(entities: unknown, expected: number): string | undefined {
  if (!Array.isArray(entities)) return '_entities that is no list';
  return entities.length === expected ? undefined : `${entities.length} entities for ${expected} representations`;
}
