import { OperatorError } from '@platform/foundation/errors';

/** A key that the configuration names cannot be read, or is none of its algorithm. */
export class UnusableKey extends OperatorError {
  constructor(option: string, keyFile: string, cause: unknown) {
    super(`${option}: ${keyFile} cannot be used: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
