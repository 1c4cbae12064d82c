import {
  type ASTNode,
  GraphQLError,
  type GraphQLErrorExtensions,
  type GraphQLFormattedError,
  getLocation,
  type Source,
} from 'graphql';

/** The root of every failure the engine names; `extensions.code` is stable. */
export class EngineError extends GraphQLError {
  constructor(code: string, message: string, extensions: GraphQLErrorExtensions = {}, cause?: unknown) {
    super(message, { extensions: { code, ...extensions }, originalError: cause instanceof Error ? cause : undefined });
    this.name = new.target.name;
    if (cause !== undefined) this.cause = cause;
  }
}

/** A request that is refused before anything runs: the answer has `errors` (one or more) and no `data`. */
export class RequestRefused extends EngineError {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(code: string, causes: readonly GraphQLFormattedError[]) {
    super(code, causes[0]?.message ?? code);
    this.errors = causes.map(({ message, locations, path, extensions }) => ({
      message,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { ...extensions, code },
    }));
  }
}

/** The text is not a GraphQL document. */
export class ParseFailed extends RequestRefused {
  constructor(cause: GraphQLFormattedError) {
    super('GRAPHQL_PARSE_FAILED', [cause]);
  }
}

/** The text has more lexical tokens than are read. */
export class TooManyTokens extends RequestRefused {
  constructor(maximum: number) {
    super('MAX_TOKENS_LIMIT', [{ message: `The document has more than ${maximum} tokens.`, extensions: { maximum } }]);
  }
}

/** The document does not fit the API schema. */
export class ValidationFailed extends RequestRefused {
  constructor(causes: readonly GraphQLFormattedError[]) {
    super('GRAPHQL_VALIDATION_FAILED', causes);
  }
}

/** `operationName` names no operation of the document, or is missing where there are several (HTTP 400). */
export class OperationResolutionFailure extends RequestRefused {
  constructor(message: string) {
    super('OPERATION_RESOLUTION_FAILURE', [{ message }]);
  }
}

/** The request's variables do not fit the operation's variable definitions. */
export class InvalidVariables extends RequestRefused {
  constructor(causes: readonly GraphQLFormattedError[]) {
    super('BAD_USER_INPUT', causes);
  }
}

/** The operation is valid and yet there is no plan for it: a fault of the supergraph or of the planner, never of the client. */
export class PlanningFailed extends EngineError {
  constructor(message: string, cause?: unknown) {
    super('QUERY_PLANNING_FAILED', message, {}, cause);
  }
}

/** Planning took longer than it may, and was cut off (HTTP 503). */
export class PlanningTimeout extends EngineError {
  constructor(timeoutMs: number) {
    super('QUERY_PLANNING_TIMEOUT', `The operation could not be planned within ${timeoutMs} ms.`);
  }
}

/** Too many operations wait to be planned (HTTP 503). */
export class PlannerOverloaded extends EngineError {
  constructor() {
    super('SERVICE_BUSY', 'Too many new operations are being planned. Try again in a moment.');
  }
}

/** The plan asks for something this engine does not do yet. */
export class UnsupportedPlan extends EngineError {
  constructor(feature: string) {
    super('UNSUPPORTED_OPERATION', `${feature} is not supported by this router.`);
  }
}

/** The caller went away; what was running for it has been told to stop. */
export class OperationAborted extends EngineError {
  constructor(cause: unknown) {
    super('OPERATION_ABORTED', 'The operation was aborted.', {}, cause);
  }
}

/** The subgraphs do not compose, or the supergraph cannot be used; `errors` holds every reason. */
export class CompositionFailed extends EngineError {
  /** `places` are `file:line:column`. */
  readonly errors: readonly { code: string; message: string; places: readonly string[] }[];

  constructor(causes: readonly GraphQLError[]) {
    const errors = causes.map(({ message, extensions, source, positions, nodes }) => ({
      places: placesOf(source, positions, nodes),
      code: typeof extensions['code'] === 'string' ? extensions['code'] : 'INVALID_GRAPHQL',
      message,
    }));
    super('COMPOSITION_FAILED', errors.map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.errors = errors;
  }
}

function placesOf(
  source: Source | undefined,
  positions: readonly number[] = [],
  nodes: readonly ASTNode[] = [],
): readonly string[] {
  const places = nodes.flatMap(({ loc }) => (loc ? [placeOf(loc.source, loc.start)] : []));
  return places.length > 0 || !source ? places : positions.map((position) => placeOf(source, position));
}

function placeOf(source: Source, position: number): string {
  const { line, column } = getLocation(source, position);
  return `${source.name}:${line}:${column}`;
}

/** A subgraph did not do its part. An endpoint may throw one itself; whatever else it throws counts as unavailable. */
export class SubgraphFailure extends EngineError {
  constructor(
    code: string,
    readonly service: string,
    message: string,
    cause?: unknown,
  ) {
    super(code, message, { service }, cause);
  }
}

export class SubgraphTimeout extends SubgraphFailure {
  constructor(service: string, timeoutMs: number) {
    super('SUBGRAPH_TIMEOUT', service, `Subgraph "${service}" did not answer within ${timeoutMs} ms.`);
  }
}

/** All answers to one operation together are larger than they may be: this one and those after it are left out. */
export class ResponsesTooLarge extends SubgraphFailure {
  constructor(service: string) {
    super('MAX_RESPONSE_BYTES_LIMIT', service, 'The answers of the subgraphs to this operation are too large.');
  }
}

export class SubgraphUnavailable extends SubgraphFailure {
  constructor(service: string, cause?: unknown) {
    super('SUBGRAPH_UNAVAILABLE', service, `Subgraph "${service}" is unavailable.`, cause);
  }
}

export class SubgraphInvalidResponse extends SubgraphFailure {
  constructor(service: string, fault: string) {
    super('SUBGRAPH_INVALID_RESPONSE', service, `Subgraph "${service}" answered wrongly: ${fault}.`);
  }
}
