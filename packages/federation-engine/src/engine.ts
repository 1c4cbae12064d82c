import {
  type DocumentNode,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type AuthorizationContext, unauthenticated } from './authorization/authorization-context.js';
import { authorizationError } from './authorization/unauthorized-selections.js';
import { VisibleSchemas } from './authorization/visible-schemas.js';
import { DerivedCache, weightOfOperation } from './base/derived-cache.js';
import type { SubgraphResponse } from './base/endpoint.js';
import { EngineError } from './base/errors.js';
import type { CachePartition } from './caching/cache-partition.js';
import { CachedFetches } from './caching/cached-fetches.js';
import type { EngineOptions } from './engine-options.js';
import { executeOperation } from './execution/execute-operation.js';
import type { ExecutionRequest, ExecutionResources } from './execution/execution-request.js';
import { executeIncrementally, type IncrementalStream } from './execution/incremental-delivery.js';
import { Merger } from './execution/merge.js';
import { OperationDeduplicator } from './execution/operation-deduplicator.js';
import { type ExecutionResult, ResponseBuilder } from './execution/response-builder.js';
import { eventSource, eventSourceKey } from './fetching/event-source.js';
import { RequestDeduplicator } from './fetching/request-deduplicator.js';
import { Documents, validateDocument } from './operation/documents.js';
import { retainedDocument } from './operation/retained-document.js';
import { coerceVariables, type Variables } from './operation/variables.js';
import { InlinePlanner } from './planning/inline-planner.js';
import type { Planner } from './planning/planner.js';
import { ThreadedPlanner } from './planning/threaded-planner.js';
import { Operation, resolveOperation } from './prepared/operation.js';
import { OperationPreparer, type PrepareOptions } from './prepared/operation-preparer.js';
import type { PreparedOperation } from './prepared/prepared-operation.js';
import type { Supergraph } from './schema/supergraph.js';
import { TypeConditions } from './schema/type-conditions.js';

/** What execution needs of a request besides the operation. */
export interface ExecuteInput extends Omit<ExecutionRequest, 'variables' | 'headers'> {
  /** Headers for a subgraph; asked once per subgraph and execution. Default: none. */
  readonly headers?: ExecutionRequest['headers'];
}

/** What the plan of an operation depends on. */
interface WarmInput {
  readonly query: string;
  readonly operationName?: string;
  readonly authorization: AuthorizationContext;
  readonly variables: Variables;
}

interface DocumentState {
  validated: boolean;
  /** In keys of what is derived from it. */
  readonly owner: string;
}

const MEGABYTE = 1024 * 1024;

const noHeaders = () => ({});

const noVariables: Variables = {};

const isMutation = ({ authorized }: PreparedOperation): boolean =>
  authorized.operation.type === OperationTypeNode.MUTATION;

const requestOf = ({ variables }: PreparedOperation, input: ExecuteInput): ExecutionRequest => ({
  ...input,
  headers: input.headers ?? noHeaders,
  variables,
});

/** Answers operations on one supergraph. Its methods are the steps of a request, in their order; each keeps what it computes. */
export class Engine {
  readonly supergraph: Supergraph;
  private readonly documents: Documents;
  private readonly derived: DerivedCache;
  /** What is known of a document on this supergraph; goes when the document goes. */
  private readonly states = new WeakMap<DocumentNode, DocumentState>();
  private readonly resources: ExecutionResources;
  private readonly shared: OperationDeduplicator | undefined;
  /** Makes its plans. */
  readonly planner: Planner;
  private readonly preparer: OperationPreparer;

  constructor(private readonly options: EngineOptions) {
    const { supergraph, endpoints, timeoutMs = () => 30_000, onSubgraphFailure } = options;
    this.supergraph = supergraph;
    this.documents = new Documents(options.documentCache ?? 64 * MEGABYTE, options.maxTokens ?? 15_000);
    this.derived = new DerivedCache(options.planCache ?? 96 * MEGABYTE);
    const { planning } = options;
    this.planner =
      planning && planning.threads > 0
        ? new ThreadedPlanner(supergraph.planning, planning)
        : new InlinePlanner(supergraph.planning);
    this.preparer = new OperationPreparer(this.planner);
    const merger = new Merger(new TypeConditions(supergraph.schema));
    const visible = options.filterIntrospection ? new VisibleSchemas(supergraph) : undefined;
    const visibleSchema = (authorization: AuthorizationContext) => visible?.for(authorization) ?? supergraph.apiSchema;
    const { subgraphs = true, operations = true } = options.deduplication ?? {};
    const flights = subgraphs ? new RequestDeduplicator<SubgraphResponse>() : undefined;
    const { responses = {} } = options;
    const cache = options.caching && new CachedFetches(options.caching, supergraph);
    this.resources = {
      merger,
      builder: new ResponseBuilder(),
      flights,
      responses,
      cache,
      endpoint: endpoints,
      timeoutMs,
      onSubgraphFailure,
      visibleSchema,
    };
    this.shared = operations ? new OperationDeduplicator(this.resources) : undefined;
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

  /** The operation of a validated document; of a text, which is parsed and validated first. Throws RequestRefused of one kind or another. */
  operation(source: DocumentNode | string, operationName?: string | null): Operation {
    const document = typeof source === 'string' ? this.parse(source) : source;
    if (document !== source) this.validate(document);
    const { owner } = this.state(document);
    const node = resolveOperation(document, operationName ?? undefined);
    return this.derived.remember(`operation ${owner} ${node.name?.value ?? ''}`, () => {
      const { maxFields = 20_000 } = this.options;
      const kept = retainedDocument(document);
      const own = kept.document.definitions[document.definitions.indexOf(node)] as OperationDefinitionNode;
      const value = new Operation(this.supergraph, kept.document, own, maxFields, this.derived);
      return { value, weight: weightOfOperation(value.size) + kept.weight };
    });
  }

  /** Throws InvalidVariables. */
  coerceVariables(operation: Operation, variables: Record<string, unknown> | null | undefined): Variables {
    const { maxVariableDepth = 64, suggestions } = this.options;
    return coerceVariables(this.supergraph.apiSchema, operation.node, variables ?? undefined, {
      maxDepth: maxVariableDepth,
      suggestions,
    });
  }

  /** One error per selection that would be refused: what a router that refuses whole requests answers instead of executing. */
  authorizationErrors(
    operation: Operation,
    authorization: AuthorizationContext,
    variables: Variables,
  ): GraphQLFormattedError[] {
    const unauthorized = operation.authorizeFor(authorization).activeUnauthorized(variables);
    return unauthorized.map((selection) => authorizationError(selection, selection.path, authorization));
  }

  /**
   * Takes out what the rights do not reach, and plans the rest; what is the same for several requests is made once. Rejects with
   * PlanningFailed, PlanningTimeout, PlannerOverloaded or UnsupportedPlan.
   * @param variables coerced: see `coerceVariables`.
   */
  prepare(
    operation: Operation,
    authorization: AuthorizationContext = unauthenticated,
    variables: Variables = noVariables,
    options: PrepareOptions = {},
  ): Promise<PreparedOperation> {
    return this.preparer.prepare(operation, authorization, variables, options);
  }

  /** Gives back what outlives requests. */
  close(): void {
    this.planner.close();
  }

  /** For what was not prepared to be answered in parts. Throws UnsupportedPlan or OperationAborted; everything else is part of the answer. */
  async execute(prepared: PreparedOperation, input: ExecuteInput = {}): Promise<ExecutionResult> {
    const request = requestOf(prepared, input);
    if (this.shared && !isMutation(prepared)) return this.shared.execute(prepared, request);
    return this.resettingAfterMutation(
      prepared,
      executeOperation(this.resources, prepared, request),
      input.cachePartition,
    );
  }

  /**
   * As `execute`, for clients that read an answer in parts: what `@defer` puts off comes later. Such an answer is nobody
   * else's; its requests to subgraphs are shared all the same. The stream rejects with OperationAborted.
   */
  async executeIncremental(
    prepared: PreparedOperation,
    input: ExecuteInput = {},
  ): Promise<ExecutionResult | IncrementalStream> {
    if (!prepared.isIncremental) return this.execute(prepared, input);
    const delivered = executeIncrementally(this.resources, prepared, requestOf(prepared, input));
    return this.resettingAfterMutation(prepared, delivered, input.cachePartition);
  }

  /** Plans an operation before anyone asks for it. Undefined where it does not fit this supergraph, or cannot be planned on it. */
  async warm({ query, operationName, authorization, variables }: WarmInput): Promise<PreparedOperation | undefined> {
    try {
      return await this.prepare(this.operation(query, operationName), authorization, variables);
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  /**
   * Opens the stream of a subscription's events; undefined when there is nothing to open, because its root field is refused
   * or skipped: `execute` then says so. Throws SubgraphFailure or UnsupportedPlan.
   */
  async subscribe(
    prepared: PreparedOperation,
    input: ExecuteInput = {},
  ): Promise<AsyncIterableIterator<SubgraphResponse> | undefined> {
    const primary = prepared.planned.plan?.primary;
    return primary && eventSource(this.resources, primary, requestOf(prepared, input));
  }

  /** Equal for subscriptions, of this engine or another, whose events one stream can bring; undefined when there is nothing to open. */
  sourceOf({ planned, variables }: PreparedOperation): string | undefined {
    const primary = planned.plan?.primary;
    return primary && eventSourceKey(this.supergraph, primary, variables);
  }

  /** The answer to one event of the stream. Takes the event over. Throws as `execute`, and SubgraphInvalidResponse. */
  complete(prepared: PreparedOperation, event: SubgraphResponse, input: ExecuteInput = {}): Promise<ExecutionResult> {
    return executeOperation(this.resources, prepared, requestOf(prepared, input), event);
  }

  /** Whoever reads after a mutation reads what it wrote, not what was being read before. */
  private async resettingAfterMutation<T>(
    prepared: PreparedOperation,
    work: Promise<T>,
    partition?: CachePartition,
  ): Promise<T> {
    try {
      return await work;
    } finally {
      if (isMutation(prepared)) {
        this.resources.flights?.reset();
        this.shared?.reset();
        if (partition) await this.resources.cache?.invalidatePartition(partition);
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
