import {
  type DocumentNode,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { refusalError } from './authorization/refusals.js';
import { everyRight, noRights, type Rights } from './authorization/rights.js';
import { VisibleSchemas } from './authorization/visible-schemas.js';
import { DerivedCache, weightOfOperation } from './base/derived-cache.js';
import type { ReceivedHeaders, SubgraphResponse } from './base/endpoint.js';
import { EngineError } from './base/errors.js';
import type { CacheAudience } from './caching/cache-audience.js';
import { CachedFetches } from './caching/cached-fetches.js';
import type { EngineOptions } from './engine-options.js';
import { type Authorized, answer } from './execution/answer.js';
import { answerInParts, type IncrementalStream } from './execution/answer-in-parts.js';
import type { ExecutionResult } from './execution/answer-text.js';
import type { ExecutionRequest, ExecutionResources } from './execution/execution-request.js';
import { Merger } from './execution/merge.js';
import { SharedOperations } from './execution/shared-operations.js';
import { eventSource, eventSourceKey } from './fetching/event-source.js';
import { SingleFlight } from './fetching/single-flight.js';
import { Documents, validateDocument } from './operation/documents.js';
import { keptDocument } from './operation/kept-document.js';
import { coerceVariables, type Variables } from './operation/variables.js';
import { keyOf, type MadePlan } from './planning/planner.js';
import { PlanningThreads } from './planning/planning-threads.js';
import { Operation, resolveOperation } from './prepared/operation.js';
import type { Supergraph } from './schema/supergraph.js';
import { TypeConditions } from './schema/type-conditions.js';

/** What execution needs of a request besides the operation. */
export interface ExecuteInput {
  readonly authorized: Authorized;
  /** Coerced: see `Engine.coerceVariables`. */
  readonly variables: Variables;
  /** Headers for a subgraph; asked once per subgraph and execution. Default: none. */
  readonly headers?: ExecutionRequest['headers'];
  /** Fires when the client is gone: execution then rejects with OperationAborted. */
  readonly signal?: AbortSignal;
  /** Where nobody's answers are shared with another tenant, whatever is declared public. */
  readonly tenant?: string;
  /** Which progressive overrides are in effect: see `overridesFor`. Default: none. */
  readonly overrides?: ExecutionRequest['overrides'];
  /** With whom kept answers may be shared; without it none are used. */
  readonly audience?: CacheAudience;
  /** Where headers of subgraphs' answers are put, in the order of their arrival. Default: they are not looked at. */
  readonly received?: ReceivedHeaders[];
}

/** What the plan of an operation depends on. */
interface WarmInput {
  readonly query: string;
  readonly operationName?: string;
  readonly rights: Rights;
  readonly variables: Variables;
}

interface DocumentState {
  validated: boolean;
  /** In keys of what is derived from it. */
  readonly owner: string;
}

const MEGABYTE = 1024 * 1024;

const noHeaders = () => ({});

const isMutation = ({ permitted }: Authorized): boolean => permitted.operation.type === OperationTypeNode.MUTATION;

/** Answers operations on one supergraph. Its methods are the steps of a request, in their order; each keeps what it computes. */
export class Engine {
  readonly supergraph: Supergraph;
  private readonly documents: Documents;
  private readonly derived: DerivedCache;
  /** What is known of a document on this supergraph; goes when the document goes. */
  private readonly states = new WeakMap<DocumentNode, DocumentState>();
  private readonly resources: ExecutionResources;
  private readonly shared: SharedOperations | undefined;
  private readonly threads: PlanningThreads | undefined;

  constructor(private readonly options: EngineOptions) {
    const { supergraph, endpoints, timeoutMs = () => 30_000, onSubgraphFailure } = options;
    this.supergraph = supergraph;
    this.documents = new Documents(options.documentCache ?? 64 * MEGABYTE, options.maxTokens ?? 15_000);
    this.derived = new DerivedCache(options.planCache ?? 96 * MEGABYTE);
    const { planning } = options;
    if (planning && planning.threads > 0) this.threads = new PlanningThreads(() => supergraph.planner.source, planning);
    const merger = new Merger(new TypeConditions(supergraph.schema));
    const visible = options.filterIntrospection ? new VisibleSchemas(supergraph) : undefined;
    const visibleSchema = (rights: Rights) => visible?.for(rights) ?? supergraph.apiSchema;
    const { subgraphs = true, operations = true } = options.singleFlight ?? {};
    const flights = subgraphs ? new SingleFlight<SubgraphResponse>() : undefined;
    const { responses = {} } = options;
    const cache = options.caching && new CachedFetches(options.caching, supergraph);
    this.resources = {
      merger,
      flights,
      responses,
      cache,
      endpoint: endpoints,
      timeoutMs,
      onSubgraphFailure,
      visibleSchema,
    };
    this.shared = operations ? new SharedOperations(this.resources) : undefined;
  }

  /** Throws ParseFailed, or TooManyTokens. */
  parse(query: string): DocumentNode {
    return this.documents.parse(query);
  }

  /** A document that is good is kept, with its text, and not looked at again. Throws ValidationFailed. */
  validate(document: DocumentNode): void {
    const state = this.state(document);
    if (state.validated) return;
    const { introspection = true, suggestions = true } = this.options;
    validateDocument(this.supergraph, document, { introspection, suggestions });
    state.validated = true;
    this.documents.keep(document);
  }

  /** The operation of a validated document. Throws OperationResolutionFailure. */
  operation(document: DocumentNode, operationName?: string | null): Operation {
    const { owner } = this.state(document);
    const node = resolveOperation(document, operationName ?? undefined);
    return this.derived.remember(`operation ${owner} ${node.name?.value ?? ''}`, () => {
      const { maxFields = 20_000 } = this.options;
      const kept = keptDocument(document);
      const own = kept.document.definitions[document.definitions.indexOf(node)] as OperationDefinitionNode;
      const value = new Operation(this.supergraph, kept.document, own, maxFields, this.derived);
      return { value, weight: weightOfOperation(value.size) + kept.weight };
    });
  }

  /** Parse, validate and resolve in one. Throws RequestRefused of one kind or another. */
  prepare(query: string, operationName?: string | null): Operation {
    const document = this.parse(query);
    this.validate(document);
    return this.operation(document, operationName);
  }

  /** Throws InvalidVariables. */
  coerceVariables(operation: Operation, variables: Record<string, unknown> | null | undefined): Variables {
    const { maxVariableDepth = 64, suggestions } = this.options;
    return coerceVariables(this.supergraph.apiSchema, operation.node, variables ?? undefined, {
      maxDepth: maxVariableDepth,
      suggestions,
    });
  }

  authorize(operation: Operation, rights: Rights = noRights): Authorized {
    return { permitted: operation.permittedTo(rights), rights, held: new Map() };
  }

  /** The whole operation, for routers that report refusals without acting on them. */
  withoutRefusals(operation: Operation): Authorized {
    return this.authorize(operation, everyRight);
  }

  /** One error per selection that would be refused: what a router that refuses whole requests answers instead of executing. */
  refusals({ permitted, rights }: Authorized, variables: Variables): GraphQLFormattedError[] {
    return permitted.activeRefusals(variables).map((refusal) => refusalError(refusal, refusal.path, rights));
  }

  /** Answers how many requests the plan can lead to. @param inParts for `executeInParts`. Throws PlanningFailed, PlanningTimeout, PlanningBusy or UnsupportedPlan. */
  async plan({
    authorized,
    variables,
    overrides,
    inParts = false,
  }: Pick<ExecuteInput, 'authorized' | 'variables' | 'overrides'> & { readonly inParts?: boolean }): Promise<number> {
    const { planner } = this.supergraph;
    const { permitted, held } = authorized;
    const variant = () =>
      (inParts ? permitted.variantInParts(variables, overrides, held) : undefined) ??
      permitted.variant(variables, overrides, held);
    if (!this.threads) return variant().plan?.fetches ?? 0;
    const made = new Map<string, MadePlan>();
    for (;;) {
      const outcome = planner.using(made, variant);
      if ('value' in outcome) return outcome.value.plan?.fetches ?? 0;
      made.set(keyOf(outcome.wanted), await this.threads.plan(outcome.wanted));
    }
  }

  /** Gives back what outlives requests. */
  close(): void {
    this.threads?.close();
  }

  /** Throws PlanningFailed, UnsupportedPlan or OperationAborted; everything else is part of the answer. */
  async execute({ authorized, headers = noHeaders, ...rest }: ExecuteInput): Promise<ExecutionResult> {
    const request = { ...rest, headers };
    if (this.shared && !isMutation(authorized)) return this.shared.answer(authorized, request);
    return this.forgetting(authorized, answer(this.resources, authorized, request), rest.audience);
  }

  /**
   * As `execute`, for clients that read an answer in parts: what `@defer` puts off comes later. Such an answer is nobody
   * else's; its requests to subgraphs are shared all the same. The stream rejects with OperationAborted.
   */
  async executeInParts(input: ExecuteInput): Promise<ExecutionResult | IncrementalStream> {
    const { authorized, headers = noHeaders, ...rest } = input;
    const variant = authorized.permitted.variantInParts(rest.variables, rest.overrides, authorized.held);
    if (!variant) return this.execute(input);
    const delivered = answerInParts(this.resources, authorized, { ...rest, headers }, variant);
    return this.forgetting(authorized, delivered, rest.audience);
  }

  /** Plans an operation before anyone asks for it. Undefined where it does not fit this supergraph, or cannot be planned on it. */
  async warm({ query, operationName, rights, variables }: WarmInput): Promise<Authorized | undefined> {
    try {
      const authorized = this.authorize(this.prepare(query, operationName), rights);
      await this.plan({ authorized, variables });
      return authorized;
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  /**
   * Opens the stream of a subscription's events; undefined when there is nothing to open, because its root field is refused
   * or skipped: `execute` then says so. Throws PlanningFailed, SubgraphFailure or UnsupportedPlan.
   */
  async subscribe({
    authorized,
    headers = noHeaders,
    ...rest
  }: ExecuteInput): Promise<AsyncIterableIterator<SubgraphResponse> | undefined> {
    const primary = authorized.permitted.variant(rest.variables, rest.overrides, authorized.held).plan?.primary;
    return primary && eventSource(this.resources, primary, { ...rest, headers });
  }

  /** Equal for subscriptions, of this engine or another, whose events one stream can bring; undefined when there is nothing to open. */
  sourceOf({
    authorized,
    variables,
    overrides,
  }: Pick<ExecuteInput, 'authorized' | 'variables' | 'overrides'>): string | undefined {
    const primary = authorized.permitted.variant(variables, overrides, authorized.held).plan?.primary;
    return primary && eventSourceKey(this.supergraph, primary, variables);
  }

  /** The answer to one event of the stream. Takes the event over. Throws as `execute`, and SubgraphInvalidResponse. */
  complete(
    { authorized, headers = noHeaders, ...rest }: ExecuteInput,
    event: SubgraphResponse,
  ): Promise<ExecutionResult> {
    return answer(this.resources, authorized, { ...rest, headers }, event);
  }

  /** Whoever reads after a mutation reads what it wrote, not what was being read before. */
  private async forgetting<T>(authorized: Authorized, work: Promise<T>, audience?: CacheAudience): Promise<T> {
    try {
      return await work;
    } finally {
      if (isMutation(authorized)) {
        this.resources.flights?.forget();
        this.shared?.forget();
        if (audience) await this.resources.cache?.forget(audience);
      }
    }
  }

  private state(document: DocumentNode): DocumentState {
    let state = this.states.get(document);
    if (!state) {
      state = { validated: false, owner: this.derived.newOwner() };
      this.states.set(document, state);
    }
    return state;
  }
}
