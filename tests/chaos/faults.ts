import { setTimeout as wait } from 'node:timers/promises';
import type { ChaosPlatform, ChaosProcess } from './chaos-platform.js';

/** Something bad that happens, and is over when it resolves. */
interface Fault {
  readonly name: string;
  readonly share: number;
  happen(platform: ChaosPlatform, random: () => number): Promise<void>;
}

const oneOf = <T>(choices: readonly T[], random: () => number): T =>
  choices[Math.floor(random() * choices.length)] as T;

const faults: readonly Fault[] = [
  {
    name: 'kill -9 a process',
    share: 8,
    happen: async (platform, random) => {
      const name = oneOf(platform.names, random);
      await platform.kill(name);
      await wait(random() * 2_000);
      platform.run(name);
    },
  },
  {
    name: 'kill -9 both instances',
    share: 2,
    happen: async (platform, random) => {
      const pair = oneOf<ChaosProcess[]>(
        [
          ['blog', 'blog 2'],
          ['audit', 'audit 2'],
          ['ledger', 'ledger 2'],
        ],
        random,
      );
      await Promise.all(pair.map((name) => platform.kill(name)));
      for (const name of pair) platform.run(name);
    },
  },
  {
    name: 'halt a process',
    share: 4,
    happen: async (platform, random) => {
      const name = oneOf(platform.names, random);
      platform.signal(name, 'SIGSTOP');
      await wait(2_000 + random() * 8_000);
      platform.signal(name, 'SIGCONT');
    },
  },
  {
    name: 'kill -9 the broker',
    share: 2,
    happen: async ({ broker }, random) => {
      await broker.end('SIGKILL');
      await wait(random() * 5_000);
      await broker.start();
    },
  },
  {
    name: 'restart the broker',
    share: 1,
    happen: async ({ broker }) => {
      await broker.end();
      await broker.start();
    },
  },
  {
    name: 'halt the broker',
    share: 2,
    happen: async ({ broker }, random) => {
      broker.signal('SIGSTOP');
      await wait(1_000 + random() * 6_000);
      broker.signal('SIGCONT');
    },
  },
  { name: 'restart PostgreSQL', share: 2, happen: (platform) => platform.restartPostgres() },
  {
    name: 'send what was sent before, out of order',
    share: 4,
    happen: async (platform) => {
      await platform.sql(
        `UPDATE blog.outbox SET published_at = NULL WHERE position IN
           (SELECT position FROM blog.outbox WHERE published_at IS NOT NULL AND position % 3 = 0 ORDER BY position DESC LIMIT 300)`,
      );
    },
  },
];

/** The order in which every fault gets its share, at random. */
export function* faultsAtRandom(random: () => number): Generator<Fault, never> {
  const lots = faults.flatMap((fault) => Array.from({ length: fault.share }, () => fault));
  for (;;) yield oneOf(lots, random);
}
