import { type SubgraphName, subgraphNames } from '@platform/runtime/modules';
import { recordOperator } from '@platform/runtime/operator';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { inspectDeadLetter, listDeadLetters, retryDeadLetters } from '../events/dead-letters.js';
import { withEventTools } from '../events/event-tools.js';
import { listEvents } from '../events/list-events.js';
import { replayTopic, type TopicReplay } from '../events/replay-topic.js';
import type { DeadLetterFilter } from '../events/schema-tables.js';
import { topicAcls } from '../events/topic-acls.js';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl events list|replay|dlq|acls`: where events are, sending them again, and those that were given up. */
export const eventsCommand = (): Command =>
  new Command('events')
    .description('look after events')
    .addCommand(listCommand())
    .addCommand(replayCommand())
    .addCommand(deadLetterCommand())
    .addCommand(aclsCommand());

const listCommand = (): Command =>
  new Command('list')
    .description('outboxes, dead letters and, with Kafka, topics and the lag of their consumers')
    .addOption(setOption())
    .action(({ set }: SetOption) => withEventTools(set, listEvents));

const replayCommand = (): Command =>
  new Command('replay')
    .description(
      'send what a subgraph published once more, to everybody from its outbox or, with --to, to one subgraph from its topic; whoever had it already takes no notice',
    )
    .addArgument(new Argument('<subgraph>', 'whose events').choices(subgraphNames))
    .option('--since <time>', 'from this time on (RFC 3339): when it happened or, from a topic, was sent', time)
    .option('--until <time>', 'before this time', time)
    .option('--type <type>', 'of one type')
    .addOption(new Option('--to <subgraph>', 'whose handlers get what the topic still holds').choices(subgraphNames))
    .option('--handler <name>', 'with --to: one of its handlers alone')
    .option('--partition <number>', 'with --to: one partition of the topic alone', whole)
    .option('--offset <number>', 'with --to: from this offset on, in each partition', whole)
    .option('--again', 'with --to: have the effects once more, also of events that were handled')
    .addOption(setOption())
    .action(
      (name: SubgraphName, { set, ...chosen }: SetOption & DeadLetterFilter & Partial<TopicReplay>, command: Command) =>
        withEventTools(set, async (tools) => {
          const { to } = chosen;
          const stray = to === undefined ? FOR_TOPICS.find((option) => chosen[option] !== undefined) : undefined;
          if (stray) command.error(`error: --${stray} needs --to, the subgraph whose handlers get the events`);
          await recordOperator(tools.config, { ...REPLAYED, resourceId: name, metadata: chosen });
          if (to !== undefined) return replayTopic(name, { ...chosen, to }, tools);
          const count = await tools.open(name, (tables) => tables.sendAgain(chosen));
          print(`${count} events of ${name} will be sent again.`);
        }),
    );

const REPLAYED = { action: 'platform.events.replayed', resource: 'events' };

/** What an outbox does not know. */
const FOR_TOPICS = ['handler', 'partition', 'offset', 'again'] as const;

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

const aclsCommand = (): Command =>
  new Command('acls')
    .description('what each process may do at the Kafka brokers, where it signs in as a principal of its name')
    .option('--apply', 'make the topics and set exactly these ACLs, signed in as somebody who may')
    .addOption(setOption())
    .action(({ set, apply = false }: SetOption & { apply?: boolean }) => topicAcls(set, apply));

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('is no whole number');
  return Number(text);
}

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('is no RFC 3339 time');
  return date;
}
