import { loadConfig } from '@platform/kernel/config';
import { consumerLags, deadLetterTopicOf, kafkaClient, topicOf, withAdmin } from '@platform/kernel/events';
import { createLogger, type Logger } from '@platform/kernel/logging';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { retryLetters } from '../events/retry-letter.js';
import { type KeptLetter, SchemaTables } from '../events/schema-events.js';
import { print, type SetOption, setOption } from '../options.js';
import { type PlatformConfig, platformSections } from '../platform/embedded-platform.js';
import { type SubgraphName, subgraphNames } from '../platform/subgraphs.js';
import { withDatabase } from '../platform/with-database.js';

/** `platformctl events list|replay|dlq`: where events are, sending them again, and those that were given up. */
export const eventsCommand = (): Command =>
  new Command('events')
    .description('look after events')
    .addCommand(
      new Command('list')
        .description('outboxes, dead letters and, with Kafka, topics and the lag of their consumers')
        .addOption(setOption())
        .action(({ set }: SetOption) => withTables(set, list)),
    )
    .addCommand(
      new Command('replay')
        .description('send what a subgraph published once more; whoever had it already takes no notice')
        .addArgument(new Argument('<subgraph>').choices(subgraphNames))
        .option('--since <time>', 'from this time on (RFC 3339)', time)
        .option('--until <time>', 'before this time', time)
        .option('--type <type>', 'of one type')
        .addOption(setOption())
        .action((name: SubgraphName, { set, ...chosen }: SetOption & { since?: Date; until?: Date; type?: string }) =>
          withTables(set, async ({ open }) => {
            const count = await open(name, (tables) => tables.sendAgain(chosen));
            print(`${count} events of ${name} will be sent again.`);
          }),
        ),
    )
    .addCommand(deadLetterCommand());

const deadLetterCommand = (): Command =>
  new Command('dlq')
    .description('events that a handler gave up')
    .addCommand(
      new Command('list')
        .description('every dead letter, by the subgraph whose handler gave up')
        .addOption(setOption())
        .action(({ set }: SetOption) =>
          withTables(set, ({ open }) =>
            forLetters(open, undefined, async (name, letters) =>
              letters.forEach((letter) => print(line(name, letter))),
            ),
          ),
        ),
    )
    .addCommand(
      new Command('inspect')
        .description('an event in full, with the reason')
        .argument('<event>', 'its id')
        .addOption(setOption())
        .action((id: string, { set }: SetOption) =>
          withTables(set, ({ open }) =>
            forLetters(open, id, async (name, letters) => {
              for (const { envelope, ...letter } of letters)
                print(JSON.stringify({ subgraph: name, ...letter, envelope }, null, 2));
            }),
          ),
        ),
    )
    .addCommand(
      new Command('retry')
        .description('give an event to its handler again, or all of them')
        .argument('[event]', 'its id; all without one')
        .addOption(setOption())
        .action((id: string | undefined, { set }: SetOption) => withTables(set, (tools) => retry(tools, id))),
    );

interface Tools {
  readonly config: PlatformConfig;
  readonly url: string;
  readonly logger: Logger;
  readonly open: <T>(name: SubgraphName, work: (tables: SchemaTables) => Promise<T>) => Promise<T>;
}

/** Gives the work the configuration and the tables of every schema. */
async function withTables(set: string[], work: (tools: Tools) => Promise<void>): Promise<void> {
  const config = loadConfig(platformSections, { set: ['events.relay=false', ...set] });
  const logger = createLogger({ ...config.logging, level: 'warn' }, { name: 'events' });
  await withDatabase(config, (url) =>
    work({ config, url, logger, open: (name, use) => SchemaTables.open(name, { url, config, logger }, use) }),
  );
}

async function list({ config, logger, open }: Tools): Promise<void> {
  print('subgraph      waiting  oldest   published  dead letters');
  for (const name of subgraphNames) {
    const { waiting, oldest, published, dead } = await open(name, (tables) => tables.summary());
    print(`${name.padEnd(12)} ${cell(waiting, 8)} ${cell(`${oldest} s`, 7)} ${cell(published, 11)} ${cell(dead, 13)}`);
  }
  if (config.kafka.brokers === null) return;

  const kafka = kafkaClient(config.kafka, 'platformctl', logger);
  const prefix = config.kafka.topicPrefix;
  const topics = subgraphNames.map((name) => topicOf(prefix, name));
  print('\ntopic                          messages  dead letters');
  await withAdmin(kafka, async (admin) => {
    const messages = async (topic: string): Promise<number> =>
      (await admin.fetchTopicOffsets(topic)).reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    for (const topic of topics) {
      print(
        `${topic.padEnd(28)} ${cell(await messages(topic), 10)} ${cell(await messages(deadLetterTopicOf(topic)), 13)}`,
      );
    }
  });
  print('\ngroup         topic                             lag');
  for (const { group, topic, lag } of await consumerLags(
    kafka,
    subgraphNames.map((name) => `${prefix}${name}`),
    topics,
  )) {
    print(`${group.padEnd(13)} ${topic.padEnd(28)} ${cell(lag, 8)}`);
  }
}

async function retry({ config, url, open }: Tools, id: string | undefined): Promise<void> {
  await forLetters(open, id, async (name, letters, tables) => {
    const outcomes = await retryLetters(name, letters, config, url);
    for (const [index, letter] of letters.entries()) {
      if (outcomes[index]) await tables.forget(letter);
      else process.exitCode = 1;
      print(`${outcomes[index] ? 'handled' : 'failed '}  ${line(name, letter)}`);
    }
  });
}

async function forLetters(
  open: Tools['open'],
  id: string | undefined,
  work: (name: SubgraphName, letters: readonly KeptLetter[], tables: SchemaTables) => Promise<void>,
): Promise<void> {
  let found = 0;
  for (const name of subgraphNames) {
    await open(name, async (tables) => {
      const letters = await tables.letters(id);
      found += letters.length;
      if (letters.length > 0) await work(name, letters, tables);
    });
  }
  if (found === 0) print(id === undefined ? 'There are no dead letters.' : `There is no dead letter ${id}.`);
}

const line = (name: string, { eventId, handler, type, reason, failedAt }: KeptLetter): string =>
  `${eventId}  ${name}  ${handler}  ${type}  ${failedAt.toISOString()}  ${reason.split('\n')[0]}`;

const cell = (value: string | number, width: number): string => String(value).padStart(width);

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('is no RFC 3339 time');
  return date;
}
