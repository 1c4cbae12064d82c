import { OperatorError } from '@platform/foundation/errors';
import { Option } from 'commander';

/** `--set key=value`, repeatable: the last word over files and environment. */
export const setOption = (): Option =>
  new Option('--set <key=value>', 'set a configuration key (repeatable)')
    .argParser((value: string, previous: string[]) => [...previous, value])
    .default([], 'nothing');

/** What `setOption` parses to. */
export interface SetOption {
  readonly set: string[];
}

/** A file that the command line names cannot be used. */
export class UnusableFile extends OperatorError {
  constructor(path: string, cause: Error) {
    super(`${path} cannot be used: ${cause.message}`, { cause });
  }
}

/** Prints a line for the person at the terminal. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);
