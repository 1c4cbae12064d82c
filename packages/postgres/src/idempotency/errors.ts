import { CodedError } from '@platform/foundation/errors';

/** A key was sent with another operation before. */
export class IdempotencyKeyReused extends CodedError {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key was sent with another operation. Each operation needs its own.',
    );
  }
}

/** The first request with the key is still being worked on. */
export class IdempotencyKeyInUse extends CodedError {
  constructor() {
    super('IDEMPOTENCY_KEY_IN_USE', 'A request with this idempotency key is under way. Try again in a moment.');
  }
}

/** The mutation was carried out, and what it made is gone since. */
export class IdempotentResultGone extends CodedError {
  constructor() {
    super('IDEMPOTENT_RESULT_GONE', 'This was done before, and what it made is gone since.');
  }
}
