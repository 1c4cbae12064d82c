import type { SubgraphResponse } from '../base/endpoint.js';
import { SubgraphFailure, SubgraphUnavailable } from '../base/errors.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import type { EntityRequest, EntityRequests } from '../plan/entity-requests.js';
import type { RootFetchNode } from '../plan/fetch-nodes.js';
import type { RequestTemplate } from '../plan/request-template.js';
import type { FetchRequest, FetchResources } from './fetch-request.js';
import type { EntitySelection, FetchResult, PlainFetches } from './fetches.js';
import { ResponseBudget } from './response-budget.js';
import { audienceOf, publicAudienceOf } from './shared-headers.js';
import { callSubgraph } from './subgraph-call.js';
import { PreparedRequest } from './subgraph-request.js';

type Headers = Record<string, string>;

/** The requests of one execution: with the caller's headers, shared with others who ask the same at the same time. */
export class SubgraphCalls implements PlainFetches {
  private readonly headers = new Map<string, Headers | Promise<Headers>>();
  private readonly budget: ResponseBudget;

  constructor(
    private readonly resources: FetchResources,
    private readonly request: FetchRequest,
    private readonly plan: CompiledPlan,
  ) {
    this.budget = new ResponseBudget(resources.responses);
  }

  root({ fetch, template }: RootFetchNode): Promise<FetchResult> {
    return this.call(fetch.subgraph, template, this.variables(template));
  }

  entities(
    { subgraph }: EntityRequests,
    { template, representations }: EntityRequest,
    batches: readonly EntitySelection[],
  ): Promise<FetchResult> {
    return this.call(subgraph, template, this.variables(template, batches, representations));
  }

  /** @param variables the JSON text of the variables. Rejects with SubgraphFailure or OperationAborted. */
  async call(subgraph: string, template: RequestTemplate, variables: string): Promise<FetchResult> {
    this.budget.check(subgraph);
    const request = new PreparedRequest(template, variables, this.resources.responses.perResponse);
    const headers = await this.headersFor(subgraph);
    const { flights } = this.resources;
    const { signal } = this.request;
    if (!flights || !this.plan.shareable) {
      return this.alone(subgraph, request, headers, signal);
    }
    const audience = template.isPublic ? publicAudienceOf(headers, this.request.tenant) : audienceOf(headers);
    let own = false;
    const result = await flights.run(`${subgraph}\n${audience}\n${request.body}`, signal, (last) => {
      own = true;
      return this.send(subgraph, request, headers, last);
    });
    this.receive(subgraph, result.value);
    // What went wrong for another caller need not go wrong for this one.
    if (own || !template.isPublic || !result.value.errors?.length)
      return { value: result.value, shared: result.shared, own };
    return this.alone(subgraph, request, headers, signal);
  }

  async again(subgraph: string, template: RequestTemplate, variables: string): Promise<SubgraphResponse> {
    const request = new PreparedRequest(template, variables, this.resources.responses.perResponse);
    return this.send(subgraph, request, await this.headersFor(subgraph), undefined);
  }

  spend(subgraph: string, bytes: number): void {
    this.budget.charge(subgraph, { bytes });
  }

  variables(
    template: RequestTemplate,
    batches: readonly EntitySelection[] = [],
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

  private async alone(
    subgraph: string,
    request: PreparedRequest,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<FetchResult> {
    const value = await this.send(subgraph, request, headers, signal);
    this.receive(subgraph, value);
    return { value, shared: false, own: true };
  }

  private receive(subgraph: string, response: SubgraphResponse): void {
    this.budget.charge(subgraph, response);
    if (response.extensions?.['idempotencyReplayed'] === true) this.request.onReplayed?.();
    const { rawHeaders } = response;
    if (rawHeaders) this.request.received?.push({ subgraph, rawHeaders });
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

  async headersFor(subgraph: string): Promise<Headers> {
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
}

/** Anything else is no subgraph's fault and ends the execution. */
export function subgraphFailure(error: unknown): SubgraphFailure {
  if (error instanceof SubgraphFailure) return error;
  throw error;
}
