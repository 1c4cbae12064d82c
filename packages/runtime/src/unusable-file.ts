import { OperatorError } from '@platform/foundation/errors';

/** A file that the command line names cannot be used. */
export class UnusableFile extends OperatorError {
  constructor(path: string, cause: Error) {
    super(`${path} cannot be used: ${cause.message}`, { cause });
  }
}
