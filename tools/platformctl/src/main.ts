import { pathToFileURL } from 'node:url';
import { OperatorError } from '@platform/kernel/errors';
import { CompositionFailed } from '@platform/router/engine';
import { Command } from 'commander';
import { configCommand } from './commands/config.js';
import { devCommand } from './commands/dev.js';
import { generateCommand } from './commands/generate.js';
import { migrateCommand } from './commands/migrate.js';
import { modulesCommand } from './commands/modules.js';
import { persistedQueriesCommand } from './commands/persisted-queries.js';
import { routerCommand } from './commands/router.js';
import { seedCommand } from './commands/seed.js';
import { startCommand } from './commands/start.js';
import { supergraphCommand } from './commands/supergraph.js';
import { version } from './platform/version.js';

/** The command line of the platform: one command, one file. */
export function platformctl(): Command {
  const program = new Command('platformctl')
    .description('Runs and looks after the platform.')
    .version(version())
    .showHelpAfterError('(platformctl --help lists the commands)');
  for (const command of [
    devCommand(),
    startCommand(),
    migrateCommand(),
    seedCommand(),
    generateCommand(),
    supergraphCommand(),
    persistedQueriesCommand(),
    modulesCommand(),
    configCommand(),
    routerCommand(),
  ]) {
    program.addCommand(command);
  }
  return program;
}

/** Failures that a person can mend are one clear message; a stack is for those that they cannot. Whatever still runs ends with it. */
function fail(error: unknown): void {
  const mendable = error instanceof OperatorError || error instanceof CompositionFailed;
  const text = mendable ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`, () => process.exit(1));
}

/** Whoever read the output has gone, as `head` does: what only prints ends quietly; what serves (and waits for signals) goes on. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.on('error', outputFailed);
  await platformctl().parseAsync().catch(fail);
}
