import { parseArgs } from 'node:util';

const text = { type: 'string' } as const;

/** What the commands that start a process may be given; `set` several times. */
export const OPTIONS = {
  set: { type: 'string', multiple: true },
  supergraph: text,
  port: text,
  config: text,
  workers: text,
  version: { type: 'boolean' },
} as const;

/** The words of a command line, wherever options stand: `start router` of `start --set logging.level=warn router`. */
export const wordsOf = (args: readonly string[]): string[] =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: false }).positionals;
