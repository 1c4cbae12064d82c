import { GraphQLError } from 'graphql';

/** What subgraphs may tell of an error beside its code and message. The router's `subgraphErrors.extensions` lets just these through. */
export const SUBGRAPH_EXTENSIONS = [
  'currentVersion',
  'email',
  'field',
  'fields',
  'limit',
  'maxAge',
  'methods',
  'permissions',
  'reason',
  'requestId',
  'retryAfter',
] as const;

/** What the router tells of its own errors. */
type RouterExtension = 'actual' | 'coordinate' | 'estimated' | 'found' | 'maximum' | 'slicingArguments';

/** Another name does not compile: a client would not get it through the router. */
export type ErrorExtensions = Readonly<
  Partial<Record<(typeof SUBGRAPH_EXTENSIONS)[number] | RouterExtension, unknown>>
>;

/** A failure that clients may act on: `extensions.code` is stable, the message is for people. One subclass per failure. */
export class CodedError extends GraphQLError {
  constructor(
    readonly code: string,
    message: string,
    extensions: ErrorExtensions = {},
  ) {
    super(message, { extensions: { code, ...extensions } });
    this.name = new.target.name;
  }
}

/** Domain input that cannot be accepted; `fields` maps each input path to a message. */
export class BadUserInput extends CodedError {
  constructor(readonly fields: Record<string, string>) {
    super('BAD_USER_INPUT', Object.values(fields).join(' '), { fields });
  }
}

/** No caller, where one is needed. */
export class Unauthenticated extends CodedError {
  constructor(message = 'Sign in to do this.') {
    super('UNAUTHENTICATED', message);
  }
}

/** A program called by a key, where a person has to have signed in. */
export class SessionRequired extends CodedError {
  constructor(message = 'API keys and service accounts cannot do this: sign in as a person.') {
    super('SESSION_REQUIRED', message);
  }
}

/** The caller lacks a right that the field or its type asks for. Named after Apollo Router's code. */
export class UnauthorizedFieldOrType extends CodedError {
  constructor(message = 'Unauthorized field or type') {
    super('UNAUTHORIZED_FIELD_OR_TYPE', message);
  }
}

/** A uniqueness rule or a stale version stands against the change. */
export class Conflict extends CodedError {
  constructor(message: string, extensions: ErrorExtensions = {}) {
    super('CONFLICT', message, extensions);
  }
}

/** After how many seconds something that passes may be tried again. */
const IN_A_MOMENT = 1;

/** A bounded resource is exhausted; trying again after `retryAfter` seconds can succeed. */
export class ServiceBusy extends CodedError {
  constructor(message = 'The service is busy. Try again in a moment.', retryAfter = IN_A_MOMENT) {
    super('SERVICE_BUSY', message, { retryAfter });
  }
}

/** What is needed to answer or to decide cannot be reached right now. */
export class ServiceUnavailable extends CodedError {
  constructor(message = 'The service is unavailable. Try again in a moment.') {
    super('SERVICE_UNAVAILABLE', message, { retryAfter: IN_A_MOMENT });
  }
}

/** The time that the request had is over; nothing was changed. The router says the same of a subgraph that does not answer at all. */
export class DeadlineExceeded extends CodedError {
  constructor() {
    super('SUBGRAPH_TIMEOUT', 'The answer was not ready in time.');
  }
}

/** Nobody waits for the answer any more; nothing was changed. */
export class RequestAbandoned extends CodedError {
  constructor() {
    super('REQUEST_ABANDONED', 'The client has left.');
  }
}

/** Too many attempts; `retryAfter` is in whole seconds. */
export class RateLimited extends CodedError {
  constructor(readonly retryAfter: number) {
    super('RATE_LIMITED', `Too many attempts. Try again in ${retryAfter} s.`, { retryAfter });
  }
}

/** A reader of a stream is too slow: what waits for it has reached its bound. */
export class SubscriptionOverflow extends CodedError {
  constructor() {
    super('SUBSCRIPTION_OVERFLOW', 'Events arrive faster than they are read. Subscribe again.');
  }
}
