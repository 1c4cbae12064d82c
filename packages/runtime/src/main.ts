import { parseArgs } from 'node:util';
import { OperatorError } from '@platform/foundation/errors';
import { OPTIONS } from './command-line.js';
import { type SubgraphName, subgraphNames } from './modules.js';
import { version } from './version.js';

const USAGE = `start <${['router', ...subgraphNames].join('|')}> [--set KEY=VALUE]…
router [--supergraph FILE] [--port PORT] [--config FILE] [--workers COUNT] [--set KEY=VALUE]…
platform [--set KEY=VALUE]…
--version`;

/** How many words each command has, and which options. */
const COMMANDS = {
  start: { words: 2, options: ['set'] },
  router: { words: 1, options: ['set', 'supergraph', 'port', 'config', 'workers'] },
  platform: { words: 1, options: ['set'] },
} as const satisfies Record<string, { words: number; options: readonly (keyof typeof OPTIONS)[] }>;

/** The command line names no process, or says of it what cannot be said. */
class NoSuchProcess extends OperatorError {
  constructor(message: string) {
    super(`${message}\n\n${USAGE}`);
  }
}

/** Starts any process of the platform: the router, a subgraph, a router that stands alone, or everything in one. @throws NoSuchProcess */
export async function startAny(args: string[]): Promise<void> {
  const { positionals, values } = parsed(args);
  if (values.version) return void process.stdout.write(`${version()}\n`);
  const [command, name] = positionals;
  if (!isCommand(command)) throw new NoSuchProcess(`There is no command ${command ?? 'without a name'}.`);
  assertUnderstood(command, positionals, Object.keys(values));
  const { set = [], workers = '1', ...options } = values;
  switch (command) {
    case 'start': {
      if (!isProcess(name)) throw new NoSuchProcess(`There is no process ${name ?? 'without a name'}.`);
      const { startProcess } = await import('./start-process.js');
      return startProcess(name, set);
    }
    case 'router': {
      if (!/^[1-9]\d{0,2}$/.test(workers) || Number(workers) > 128)
        throw new NoSuchProcess('--workers is a number from 1 to 128.');
      const { startStandaloneRouter } = await import('./start-standalone-router.js');
      return startStandaloneRouter({ ...options, set, workers: Number(workers) });
    }
    case 'platform': {
      const { startPlatform } = await import('./start-platform.js');
      return void (await startPlatform(set));
    }
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new NoSuchProcess((error as Error).message);
  }
}

/** What is given and has no effect is a mistake. @throws NoSuchProcess */
function assertUnderstood(command: keyof typeof COMMANDS, words: readonly string[], given: readonly string[]): void {
  const { words: most, options } = COMMANDS[command];
  const foreign = given.find((option) => !options.some((own) => own === option));
  if (foreign) throw new NoSuchProcess(`${command} has no option --${foreign}.`);
  if (words.length > most) throw new NoSuchProcess(`${command} is followed by nothing called ${words[most]}.`);
}

const isCommand = (name: string | undefined): name is keyof typeof COMMANDS =>
  name !== undefined && Object.hasOwn(COMMANDS, name);

const isProcess = (name: string | undefined): name is 'router' | SubgraphName =>
  name === 'router' || subgraphNames.some((known) => known === name);
