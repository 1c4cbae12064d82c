export {
  BadUserInput,
  CodedError,
  Conflict,
  DeadlineExceeded,
  RateLimited,
  RequestAbandoned,
  ServiceBusy,
  ServiceUnavailable,
  SessionRequired,
  SUBGRAPH_EXTENSIONS,
  SubscriptionOverflow,
  Unauthenticated,
  UnauthorizedFieldOrType,
} from './coded-error.js';
export { isConnectionFailure } from './connection-failure.js';
export { ErrorBus, type ErrorReport, logSink } from './error-bus.js';
export { maskError } from './mask-error.js';
export { OperatorError } from './operator-error.js';
export { sentrySink } from './sentry-sink.js';
