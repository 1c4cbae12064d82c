import { setTimeout as wait } from 'node:timers/promises';
import { describeWhereKafkaRuns, describeWithRedis, eventually, runSetting } from '@platform/testkit';
import { ChaosPlatform } from './chaos-platform.js';
import { faultsAtRandom } from './faults.js';
import { Ledger } from './ledger.js';
import { MutationDriver } from './mutation-driver.js';
import { randomFrom } from './random.js';
import { judge, pending, underway } from './verdict.js';

const SECONDS = runSetting('CHAOS_SECONDS', 90);
const EVENTS = runSetting('CHAOS_EVENTS', 1_000);
const FAULTS = runSetting('CHAOS_FAULTS', 10);
const CLIENTS = 8;
/** Drivers wait while more is under way: the test is of faults, not of a flood. */
const MOST_PENDING = 4_000;
const DRAIN_MS = 300_000;
const DAY_MS = 86_400_000;

describeWithRedis('on Redis', (redisUrl) => {
  describeWhereKafkaRuns('chaos', () => {
    let platform: ChaosPlatform;

    beforeAll(async () => {
      platform = await ChaosPlatform.start(redisUrl);
    }, 400_000);
    afterAll(() => platform?.stop());

    it(
      'loses no event, has no effect twice, keeps the order of every aggregate and leaves nothing stuck',
      async () => {
        const seed = runSetting('CHAOS_SEED', Date.now());
        const random = randomFrom(seed);
        const ledger = new Ledger();
        const begun = Date.now();
        const happened: string[] = [];
        let lag = 0;
        const goesOn = (): boolean =>
          Date.now() - begun < SECONDS * 1_000 || ledger.acknowledged < EVENTS || happened.length < FAULTS;
        /** Faults are spread over the events: the next one waits for its share of them. */
        const isDue = (): boolean => ledger.acknowledged >= (EVENTS * happened.length) / FAULTS;

        const drivers = Array.from({ length: CLIENTS }, () => new MutationDriver(() => platform.signIn(), ledger));
        const driving = drivers.map((driver) => driver.drive(goesOn, () => lag < MOST_PENDING));
        const watching = (async () => {
          for (; goesOn(); await wait(2_000)) lag = await underway(platform).catch(() => lag);
        })();
        for (const fault of faultsAtRandom(random)) {
          await wait(1_000 + random() * 3_000);
          while (goesOn() && !isDue()) await wait(200);
          if (!goesOn()) break;
          await fault.happen(platform, random);
          happened.push(fault.name);
        }
        await Promise.all([...driving, watching]);

        await eventually(async () => expect(await pending(platform)).toBe(0), {
          timeout: DRAIN_MS,
          interval: 1_000,
        }).catch(() => {});
        const verdict = await judge(platform, ledger);
        const seconds = Math.round((Date.now() - begun) / 1_000);
        const report = { ...verdict, absorbed: await platform.absorbed(), faults: counts(happened), seed };
        process.stdout.write(`\nChaos in ${seconds} s: ${JSON.stringify(report, null, 2)}\n`);
        expect(verdict).toMatchObject({ lost: 0, duplicates: 0, inversions: 0, stuck: 0, deadLettered: 0 });
        expect(verdict.acknowledged).toBeGreaterThanOrEqual(EVENTS);
      },
      DAY_MS,
    );
  });
});

const counts = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
