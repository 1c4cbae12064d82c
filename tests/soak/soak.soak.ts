import { setTimeout as wait } from 'node:timers/promises';
import { readMix } from '@platform/platformctl/loadtest/kinds';
import { closedLoop, openLoop } from '@platform/platformctl/loadtest/open-loop';
import { Target } from '@platform/platformctl/loadtest/target';
import { eventually, runSetting } from '@platform/testkit';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { type Holding, holdingOf } from './holding.js';

const MB = 1024 * 1024;
/** Five minutes in CI; `npm run soak` takes two hours. */
const SECONDS = runSetting('SOAK_SECONDS', 300);
/** The load is looked at in so many parts. The first warms up; the others are compared. */
const PARTS = 5;
const PART = SECONDS / PARTS;
/** Access tokens live for longer than a part of it. */
const SIGNED_IN = 240;
/** How much longer a part lasts, time after time, in which the heap was not collected. */
const MORE = 10;
const MIX = readMix('feed=45,post=30,search=10,createPost=5,login=5,document=5') ?? new Map();
const NEW_DOCUMENTS = readMix('document=1') ?? new Map();
/** As many fill a subgraph's cache of documents, which has one size everywhere. */
const FILLING = 2_000;
/** Caches of the router so small that they are full as well. */
const SET = ['router.documentCache=2mb', 'router.planCache=4mb', 'router.callerCache=2mb'];
/** In MB: so little that it is collected often. */
const HEAP = 256;
/** What may be more at the end than after the first part, in bytes: the noise of when a collection comes. */
const HEAP_NOISE = 12 * MB;
/** Of each kind of what is open once there is no load: as many more connections to the database may be kept. */
const OPEN_NOISE = 16;
/** How long connections of clients are kept that ask for nothing, and longer, in ms. */
const QUIET = 120_000;
/** What a machine with too little time comes to. */
const LATE = new Set(['SUBGRAPH_TIMEOUT', 'REQUEST_TIMEOUT', 'SERVICE_BUSY']);
/** How often the whole heap is collected in a part, for its minimum to say something. */
const COLLECTIONS = 2;

describe('a platform at half of its capacity, of whose documents one in twenty is new', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({ set: SET, env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } });
  });
  afterAll(() => platform?.stop());

  it(
    'holds at the end what it held at the beginning',
    async () => {
      const target = new Target(platform.url);
      const people = [await target.signUp(), await target.signUp()];
      await target.signIn(people);
      await target.fill(100);
      for (let filled = 0; filled < FILLING; )
        filled += 10 * (await closedLoop(target, { mix: NEW_DOCUMENTS, atATime: 8, seconds: 10 }));
      const rate = (await closedLoop(target, { mix: MIX, atATime: 8, seconds: 10 })) / 2;

      const before = holdingOf(await target.samples());
      const floors: number[] = [];
      const codes = new Set<string>();
      for (let part = 0; part < PARTS; part += 1) {
        const watch = watching(target);
        for (let left = PART; left > 0 || watch.collections() < COLLECTIONS; left -= SIGNED_IN) {
          await target.signIn(people);
          const seconds = left > 0 ? Math.min(left, SIGNED_IN) : MORE;
          const tallies = await openLoop(target, { mix: MIX, rate, seconds });
          for (const code of tallies.codes.keys()) codes.add(code);
        }
        floors.push(Math.min(...(await watch.end()).map(({ heap }) => heap)));
      }
      const told = floors.map((bytes) => `${(bytes / MB).toFixed(0)} MB`).join(', ');
      process.stderr.write(`${SECONDS} s at ${rate.toFixed(0)} operations/s: heap ${told}\n`);

      expect([...codes].filter((code) => !LATE.has(code))).toEqual([]);
      const [, first = 0] = floors;
      expect(floors.at(-1)).toBeLessThan(first + HEAP_NOISE);
      await eventually(
        async () => {
          const { open } = holdingOf(await target.samples());
          const grown = [...open].filter(([name, count]) => count > (before.open.get(name) ?? 0) + OPEN_NOISE);
          expect(grown).toEqual([]);
        },
        { timeout: QUIET, interval: 2_000 },
      );
    },
    (2 * SECONDS + 600) * 1_000,
  );
});

/** Looks at the process every second until it is ended. */
function watching(target: Target): { collections(): number; end(): Promise<readonly Holding[]> } {
  const seen: Holding[] = [];
  let over = false;
  const looking = (async () => {
    for (; !over; await wait(1_000)) {
      const samples = await target.samples();
      if (samples.size > 0) seen.push(holdingOf(samples));
    }
  })();
  return {
    collections: () => (seen.at(-1)?.collections ?? 0) - (seen[0]?.collections ?? 0),
    end: async () => {
      over = true;
      await looking;
      return seen;
    },
  };
}
