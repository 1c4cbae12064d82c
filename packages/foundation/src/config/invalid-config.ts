// Not through the face: the logging behind it reads configuration.
import { OperatorError } from '../errors/operator-error.js';

/** Everything that is wrong with the configuration, one line per mistake, each with its key and where the value came from. */
export class InvalidConfig extends OperatorError {
  /** @param written the sections as they are written, mistakes included: for whoever can tell more of them. */
  constructor(
    readonly mistakes: string[],
    readonly written: Readonly<Record<string, unknown>> = {},
  ) {
    const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
    super(`The configuration has ${count}:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}
