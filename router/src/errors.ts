import { CodedError } from '@platform/foundation/errors';

/** The request is not well formed: a header, a body, a parameter. HTTP 400. */
export class BadRequest extends CodedError {
  constructor(message: string) {
    super('BAD_REQUEST', message);
  }
}

/** More operations in one request than are answered. HTTP 400. */
export class BatchTooLarge extends CodedError {
  constructor(maximum: number) {
    super('BATCH_LIMIT_EXCEEDED', `A batch holds at most ${maximum} operations.`, { maximum });
  }
}

/** The operation needs more fetches of subgraphs than one may make. HTTP 400. */
export class PlanTooLarge extends CodedError {
  constructor(fetches: number, maximum: number) {
    super('MAX_FETCHES_LIMIT', `The operation needs ${fetches} fetches, more than the maximum of ${maximum}.`, {
      found: fetches,
      maximum,
    });
  }
}

/** Reading transports may not change anything. HTTP 405. */
export class MutationNotAllowed extends CodedError {
  constructor() {
    super('METHOD_NOT_ALLOWED', 'A mutation needs POST.');
  }
}

/** The operation is nested more deeply than it can be worked on. The code is Apollo Router's. */
export class OperationTooDeep extends CodedError {
  constructor() {
    super('MAX_DEPTH_LIMIT', 'The operation is nested too deeply.');
  }
}

/** Whether the caller is still signed in cannot be found out right now. HTTP 503. */
export class AuthenticationUnavailable extends CodedError {
  /** @param cause for operators. */
  constructor(cause: unknown) {
    super('SERVICE_UNAVAILABLE', 'Your session cannot be checked right now. Try again in a moment.');
    this.cause = cause;
  }
}

/** The transport carries one result, and the operation has many. */
export class SubscriptionNeedsStream extends CodedError {
  constructor() {
    super(
      'UNSUPPORTED_OPERATION',
      'A subscription needs a WebSocket, or an Accept header with text/event-stream or multipart/mixed;subscriptionSpec=1.0.',
    );
  }
}

/** The caller, or their connection, has as many streams, or operations of any kind, as it may. HTTP 429. */
export class TooManySubscriptions extends CodedError {
  constructor(limit: number, of: 'caller' | 'connection', what: 'subscriptions' | 'operations' = 'subscriptions') {
    super('TOO_MANY_SUBSCRIPTIONS', `Not more than ${limit} ${what} per ${of}.`, { limit });
  }
}

/** What is streamed does not exist in the supergraph that has taken the place of the one before. */
export class SupergraphChanged extends CodedError {
  constructor() {
    super('SUPERGRAPH_CHANGED', 'The schema has changed, and this subscription does not fit it any more.');
  }
}

/** The router is about to stop; another one may answer. HTTP 503. */
export class ServerShuttingDown extends CodedError {
  constructor() {
    super('SERVER_SHUTTING_DOWN', 'The server is going away. Subscribe again.');
  }
}
