import { Command } from 'commander';
import { newEvent } from '../scaffold/new-event.js';
import { newMigration } from '../scaffold/new-migration.js';
import { newPermission } from '../scaffold/new-permission.js';
import { newSubgraph } from '../scaffold/new-subgraph.js';

/** `platformctl new subgraph|event|permission|migration`: code to begin with. */
export const newCommand = (): Command =>
  new Command('new')
    .description('write code to begin with')
    .addCommand(subgraphCommand())
    .addCommand(eventCommand())
    .addCommand(permissionCommand())
    .addCommand(migrationCommand());

const subgraphCommand = (): Command =>
  new Command('subgraph')
    .description(
      'a subgraph with one entity: lists, changes, events, a subscription, permissions and tests of all of it',
    )
    .argument('<name>', 'one lower-case word, such as shop')
    .option('--entity <name>', 'what it keeps, such as product')
    .option('--plural <name>', 'several of them, where it is not the regular plural')
    .option('--bare', 'without an entity')
    .action(
      (name: string, { entity, plural, bare }: { entity?: string; plural?: string; bare?: true }, command: Command) => {
        if ((entity === undefined) === (bare === undefined)) command.error('say either --entity NAME or --bare');
        return newSubgraph({ name, entity, plural });
      },
    );

const eventCommand = (): Command =>
  new Command('event')
    .description('an event that the subgraph publishes: its definition, and its line in module.yaml')
    .argument('<subgraph>', 'such as blog')
    .argument('<happening>', 'what happened to what, such as post.pinned')
    .requiredOption('--description <sentence>', 'for those who handle it')
    .action((subgraph: string, happening: string, { description }: { description: string }) =>
      newEvent({ subgraph, happening, description }),
    );

const permissionCommand = (): Command =>
  new Command('permission')
    .description('a permission, declared in module.yaml and known to the compiler')
    .argument('<subgraph>', 'such as blog')
    .argument('<action>', 'what may be done to what, such as post.pin')
    .requiredOption('--description <sentence>', 'for administrators, who grant it')
    .option('--granted-to <role...>', 'system roles that have it from the beginning: user, guest')
    .action((subgraph: string, action: string, options: { description: string; grantedTo?: string[] }) =>
      newPermission({ subgraph, action, ...options }),
    );

const migrationCommand = (): Command =>
  new Command('migration')
    .description('an empty migration that runs after all that there are')
    .argument('<subgraph>', 'such as blog')
    .argument('<what>', 'what it does, such as add-pins')
    .action(newMigration);
