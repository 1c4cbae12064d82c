import { pathToFileURL } from 'node:url';
import { runProgram } from '@platform/runtime/run-program';
import { version } from '@platform/runtime/version';
import { Command } from 'commander';

/** The command line of the platform, in the order of its help: one command, one file, loaded when it is asked for. */
const commands = {
  dev: async () => (await import('./commands/dev.js')).devCommand(),
  start: async () => (await import('./commands/start.js')).startCommand(),
  migrate: async () => (await import('./commands/migrate.js')).migrateCommand(),
  'role-passwords': async () => (await import('./commands/role-passwords.js')).rolePasswordsCommand(),
  seed: async () => (await import('./commands/seed.js')).seedCommand(),
  backup: async () => (await import('./commands/backup.js')).backupCommand(),
  restore: async () => (await import('./commands/restore.js')).restoreCommand(),
  users: async () => (await import('./commands/users.js')).usersCommand(),
  keys: async () => (await import('./commands/keys.js')).keysCommand(),
  new: async () => (await import('./commands/new.js')).newCommand(),
  generate: async () => (await import('./commands/generate.js')).generateCommand(),
  supergraph: async () => (await import('./commands/supergraph.js')).supergraphCommand(),
  'persisted-queries': async () => (await import('./commands/persisted-queries.js')).persistedQueriesCommand(),
  'caller-token': async () => (await import('./commands/caller-token.js')).callerTokenCommand(),
  modules: async () => (await import('./commands/modules.js')).modulesCommand(),
  audit: async () => (await import('./commands/audit.js')).auditCommand(),
  config: async () => (await import('./commands/config.js')).configCommand(),
  events: async () => (await import('./commands/events.js')).eventsCommand(),
  loadtest: async () => (await import('./commands/loadtest.js')).loadtestCommand(),
  router: async () => (await import('./commands/router.js')).routerCommand(),
} satisfies Record<string, () => Promise<Command>>;

const isCommand = (name: string | undefined): name is keyof typeof commands =>
  name !== undefined && Object.hasOwn(commands, name);

/** @param asked the command that is wanted; anything else gets all of them, to choose from. */
export async function platformctl(asked: string | undefined): Promise<Command> {
  const program = new Command('platformctl')
    .description('Runs and looks after the platform.')
    .version(version())
    .showHelpAfterError('(platformctl --help lists the commands)');
  const wanted = isCommand(asked) ? [commands[asked]] : Object.values(commands);
  for (const command of await Promise.all(wanted.map((load) => load()))) program.addCommand(command);
  return program;
}

/** Does what the command line of this process asks for. */
export const run = (): Promise<void> =>
  runProgram(process.argv.slice(2), async () => (await platformctl(process.argv[2])).parseAsync());

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run();
