import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import { refusalError } from './authorization/refusals.js';
import { noRights, type Rights } from './authorization/rights.js';
import type { SubgraphEndpoint, SubgraphResponse } from './endpoint.js';
import type { SubgraphFailure } from './errors.js';
import { answer, type ExecutionResult } from './execution/answer.js';
import { eventSource } from './execution/event-source.js';
import type { ExecutionRequest, ExecutionResources } from './execution/execution.js';
import { Merger } from './execution/merge.js';
import { Documents, validateDocument } from './operation/documents.js';
import { Operation, resolveOperation } from './operation/operation.js';
import type { PermittedOperation } from './operation/permitted-operation.js';
import { coerceVariables, type Variables } from './operation/variables.js';
import { TypeConditions } from './plan/type-conditions.js';
import type { Supergraph } from './supergraph.js';

export interface EngineOptions {
  readonly supergraph: Supergraph;
  /** How to reach a subgraph of the supergraph, by name. */
  readonly endpoints: (subgraph: string) => SubgraphEndpoint;
  /** How long one fetch may take, in milliseconds. Default: 30 s for every subgraph. */
  readonly timeoutMs?: (subgraph: string) => number;
  /** Documents kept parsed, validated and planned. Default: 1000. */
  readonly planCacheSize?: number;
  /** Longest document, in lexical tokens. Default: 15 000. */
  readonly maxTokens?: number;
  /** Most fields an operation may select after its fragments are expanded. Default: 20 000. */
  readonly maxFields?: number;
  /** Whether clients may ask for `__schema` and `__type`. Default: true. */
  readonly introspection?: boolean;
  /** Told of every failed fetch, with its cause: for logs and metrics. */
  readonly onSubgraphFailure?: (failure: SubgraphFailure) => void;
}

/** An operation after authorization: what is left of it, and for whom. */
export interface AuthorizedOperation {
  readonly permitted: PermittedOperation;
  readonly rights: Rights;
}

/** What execution needs of a request besides the operation. */
export interface ExecuteInput {
  readonly authorized: AuthorizedOperation;
  /** Coerced: see `Engine.coerceVariables`. */
  readonly variables: Variables;
  /** Headers for a subgraph; asked once per subgraph and execution. Default: none. */
  readonly headers?: ExecutionRequest['headers'];
  /** Fires when the client is gone: execution then rejects with OperationAborted. */
  readonly signal?: AbortSignal;
}

interface DocumentState {
  validated?: { readonly error?: unknown };
  readonly operations: Map<string, Operation>;
}

const noHeaders = () => ({});

/** Answers operations on one supergraph. Its methods are the steps of a request, in their order; each keeps what it computes. */
export class Engine {
  readonly supergraph: Supergraph;
  private readonly documents: Documents;
  /** What is known of a document on this supergraph; goes when the document goes. */
  private readonly states = new WeakMap<DocumentNode, DocumentState>();
  private readonly resources: ExecutionResources;

  constructor(private readonly options: EngineOptions) {
    const { supergraph, endpoints, timeoutMs = () => 30_000, onSubgraphFailure } = options;
    this.supergraph = supergraph;
    this.documents = new Documents(options.planCacheSize ?? 1000, options.maxTokens ?? 15_000);
    const merger = new Merger(new TypeConditions(supergraph.schema));
    this.resources = { merger, endpoint: endpoints, timeoutMs, onSubgraphFailure };
  }

  /** Throws ParseFailed. */
  parse(query: string): DocumentNode {
    return this.documents.parse(query);
  }

  /** Throws ValidationFailed. */
  validate(document: DocumentNode): void {
    const state = this.state(document);
    state.validated ??= attempt(() => validateDocument(this.supergraph, document, this.options.introspection ?? true));
    if (state.validated.error) throw state.validated.error;
  }

  /** The operation of a validated document. Throws OperationResolutionFailure. */
  operation(document: DocumentNode, operationName?: string | null): Operation {
    const { operations } = this.state(document);
    const known = operations.get(operationName ?? '');
    if (known) return known;
    const node = resolveOperation(document, operationName ?? undefined);
    const operation = new Operation(this.supergraph, document, node, this.options.maxFields ?? 20_000);
    operations.set(operationName ?? '', operation);
    return operation;
  }

  /** Parse, validate and resolve in one. Throws RequestRefused of one kind or another. */
  prepare(query: string, operationName?: string | null): Operation {
    const document = this.parse(query);
    this.validate(document);
    return this.operation(document, operationName);
  }

  /** Throws InvalidVariables. */
  coerceVariables(operation: Operation, variables: Record<string, unknown> | null | undefined): Variables {
    return coerceVariables(this.supergraph.apiSchema, operation.node, variables ?? undefined);
  }

  authorize(operation: Operation, rights: Rights = noRights): AuthorizedOperation {
    return { permitted: operation.permittedTo(rights), rights };
  }

  /** One error per selection that would be refused: what a router that refuses whole requests answers instead of executing. */
  refusals({ permitted, rights }: AuthorizedOperation, variables: Variables): GraphQLFormattedError[] {
    return permitted.activeRefusals(variables).map((refusal) => refusalError(refusal, refusal.path, rights));
  }

  /** Throws PlanningFailed, UnsupportedPlan or OperationAborted; everything else is part of the answer. */
  execute({ authorized, variables, headers = noHeaders, signal }: ExecuteInput): Promise<ExecutionResult> {
    return answer(this.resources, authorized, { variables, headers, signal });
  }

  /**
   * Opens the stream of a subscription's events; undefined when there is nothing to open, because its root field is refused
   * or skipped: `execute` then says so. Throws PlanningFailed, SubgraphFailure or UnsupportedPlan.
   */
  async subscribe({
    authorized,
    variables,
    headers = noHeaders,
    signal,
  }: ExecuteInput): Promise<AsyncIterableIterator<SubgraphResponse> | undefined> {
    const primary = authorized.permitted.variant(variables).plan?.primary;
    return primary && eventSource(this.resources, primary, { variables, headers, signal });
  }

  /** The answer to one event of the stream. Takes the event over. Throws as `execute`, and SubgraphInvalidResponse. */
  complete(
    { authorized, variables, headers = noHeaders, signal }: ExecuteInput,
    event: SubgraphResponse,
  ): Promise<ExecutionResult> {
    return answer(this.resources, authorized, { variables, headers, signal }, event);
  }

  private state(document: DocumentNode): DocumentState {
    let state = this.states.get(document);
    if (!state) {
      state = { operations: new Map() };
      this.states.set(document, state);
    }
    return state;
  }
}

function attempt(act: () => void): { readonly error?: unknown } {
  try {
    act();
    return {};
  } catch (error) {
    return { error };
  }
}
