import { parseArgs } from 'node:util';
import { OperatorError } from '@platform/foundation/errors';
import { type SubgraphName, subgraphNames } from './modules.js';
import { version } from './version.js';

const USAGE = `start <${['router', ...subgraphNames].join('|')}> [--set KEY=VALUE]…
router [--supergraph FILE] [--port PORT] [--config FILE] [--workers COUNT] [--set KEY=VALUE]…
platform [--set KEY=VALUE]…
--version`;

/** The command line names no process. */
class NoSuchProcess extends OperatorError {
  constructor(message: string) {
    super(`${message}\n\n${USAGE}`);
  }
}

/** Starts any process of the platform: the router, a subgraph, a router that stands alone, or everything in one. @throws NoSuchProcess */
export async function startAny(args: string[]): Promise<void> {
  const { positionals, values } = parsed(args);
  const [command, name] = positionals;
  const { set = [], version: versionAsked, workers = '1', ...options } = values;
  if (versionAsked) return void process.stdout.write(`${version()}\n`);
  switch (command) {
    case 'start': {
      if (!isProcess(name)) throw new NoSuchProcess(`There is no process ${name ?? 'without a name'}.`);
      const { startProcess } = await import('./start-process.js');
      return startProcess(name, set);
    }
    case 'router': {
      if (!/^[1-9]\d{0,2}$/.test(workers) || Number(workers) > 128)
        throw new NoSuchProcess('--workers is a number from 1 to 128.');
      const { startStandAloneRouter } = await import('./start-stand-alone-router.js');
      return startStandAloneRouter({ ...options, set, workers: Number(workers) });
    }
    case 'platform': {
      const { startPlatform } = await import('./start-platform.js');
      return void (await startPlatform(set));
    }
    default:
      throw new NoSuchProcess(`There is no command ${command ?? 'without a name'}.`);
  }
}

function parsed(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        set: { type: 'string', multiple: true },
        supergraph: text,
        port: text,
        config: text,
        workers: text,
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new NoSuchProcess((error as Error).message);
  }
}

const isProcess = (name: string | undefined): name is 'router' | SubgraphName =>
  name === 'router' || subgraphNames.some((known) => known === name);
