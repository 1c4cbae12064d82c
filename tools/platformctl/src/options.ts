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

/** Prints a line for the person at the terminal. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);
