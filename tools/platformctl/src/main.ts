import { pathToFileURL } from 'node:url';
import { InvalidConfig } from '@platform/kernel/config';
import { Command } from 'commander';
import { configCommand } from './commands/config.js';
import { devCommand } from './commands/dev.js';
import { generateCommand } from './commands/generate.js';
import { migrateCommand } from './commands/migrate.js';
import { modulesCommand } from './commands/modules.js';
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
    modulesCommand(),
    configCommand(),
    routerCommand(),
  ]) {
    program.addCommand(command);
  }
  return program;
}

/** Failures that a person can mend are one clear message; a stack is for those that they cannot. */
function report(error: unknown): void {
  const expected =
    error instanceof InvalidConfig || (error instanceof Error && error.name !== 'Error' && error.name !== 'TypeError');
  process.stderr.write(
    `${expected ? (error as Error).message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await platformctl().parseAsync().catch(report);
}
