import { Command } from 'commander';
import { newSubgraph } from '../scaffold/new-subgraph.js';

/** `platformctl new subgraph NAME`: code to begin with. */
export const newCommand = (): Command =>
  new Command('new').description('write code to begin with').addCommand(
    new Command('subgraph')
      .description(
        'a subgraph with one entity: lists, changes, events, a subscription, permissions and tests of all of it',
      )
      .argument('<name>', 'one lower-case word, such as shop')
      .option('--entity <name>', 'what it keeps, such as product')
      .option('--plural <name>', 'several of them, where it is not the regular plural')
      .option('--bare', 'without an entity')
      .action(
        (
          name: string,
          { entity, plural, bare }: { entity?: string; plural?: string; bare?: true },
          command: Command,
        ) => {
          if ((entity === undefined) === (bare === undefined)) command.error('say either --entity NAME or --bare');
          return newSubgraph({ name, entity, plural });
        },
      ),
  );
