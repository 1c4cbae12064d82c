import { Argument, Command, InvalidArgumentError } from 'commander';
import { inspectDeadLetter, listDeadLetters, retryDeadLetters } from '../events/dead-letters.js';
import { withEventTools } from '../events/event-tools.js';
import { listEvents } from '../events/list-events.js';
import type { Chosen } from '../events/schema-tables.js';
import { print, type SetOption, setOption } from '../options.js';
import { type SubgraphName, subgraphNames } from '../platform/modules.js';

/** `platformctl events list|replay|dlq`: where events are, sending them again, and those that were given up. */
export const eventsCommand = (): Command =>
  new Command('events')
    .description('look after events')
    .addCommand(listCommand())
    .addCommand(replayCommand())
    .addCommand(deadLetterCommand());

const listCommand = (): Command =>
  new Command('list')
    .description('outboxes, dead letters and, with Kafka, topics and the lag of their consumers')
    .addOption(setOption())
    .action(({ set }: SetOption) => withEventTools(set, listEvents));

const replayCommand = (): Command =>
  new Command('replay')
    .description('send what a subgraph published once more; whoever had it already takes no notice')
    .addArgument(new Argument('<subgraph>').choices(subgraphNames))
    .option('--since <time>', 'from this time on (RFC 3339)', time)
    .option('--until <time>', 'before this time', time)
    .option('--type <type>', 'of one type')
    .addOption(setOption())
    .action((name: SubgraphName, { set, ...chosen }: SetOption & Chosen) =>
      withEventTools(set, async ({ open }) => {
        const count = await open(name, (tables) => tables.sendAgain(chosen));
        print(`${count} events of ${name} will be sent again.`);
      }),
    );

const deadLetterCommand = (): Command =>
  new Command('dlq')
    .description('events that a handler gave up')
    .addCommand(
      new Command('list')
        .description('every one, by the subgraph whose handler gave up')
        .addOption(setOption())
        .action(({ set }: SetOption) => withEventTools(set, listDeadLetters)),
    )
    .addCommand(
      new Command('inspect')
        .description('an event in full, with the reason')
        .argument('<event>', 'its id')
        .addOption(setOption())
        .action((id: string, { set }: SetOption) => withEventTools(set, (tools) => inspectDeadLetter(tools, id))),
    )
    .addCommand(
      new Command('retry')
        .description('give an event to its handler again, or all of them')
        .argument('[event]', 'its id; all without one')
        .addOption(setOption())
        .action((id: string | undefined, { set }: SetOption) =>
          withEventTools(set, (tools) => retryDeadLetters(tools, id)),
        ),
    );

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('is no RFC 3339 time');
  return date;
}
