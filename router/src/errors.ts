import { CodedError } from '@platform/kernel/errors';

/** The request is not well formed: a header, a body, a parameter. HTTP 400. */
export class BadRequest extends CodedError {
  constructor(message: string) {
    super('BAD_REQUEST', message);
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
export class CallerUnknown extends CodedError {
  constructor() {
    super('SERVICE_UNAVAILABLE', 'Your session cannot be checked right now. Try again in a moment.');
  }
}
