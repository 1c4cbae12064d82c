import { setTimeout as wait } from 'node:timers/promises';
import { samplesOf } from '../operations/scraped.js';
import { EmbeddedPlatform } from './embedded-platform.js';

/** Of looks for work, until their pauses have grown as long as they get; in ms. */
const SETTLED = 10_000;
const WATCHED = 20_000;
/** In bytes: it was 345 MB, and is 220 MB. */
const MOST_RESIDENT = 280 * 1024 * 1024;

describe('a platform with nothing to do', () => {
  let platform: EmbeddedPlatform;
  const count = 'db_client_operation_duration_seconds_count';

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  /** How many statements there have been, by schema and kind. */
  const statements = async (): Promise<Map<string, number>> => {
    const samples = samplesOf(await (await fetch(`${platform.url}/metrics`)).text());
    return new Map(
      samples
        .filter(({ name }) => name === count)
        .map(({ labels, value }) => [`${labels.db_namespace} ${labels.db_operation_name}`, value]),
    );
  };

  it('keeps no memory that only its start has needed', async () => {
    await wait(SETTLED);
    const metrics = samplesOf(await (await fetch(`${platform.url}/metrics`)).text());
    const resident = metrics.find(({ name }) => name === 'process_resident_memory_bytes');
    expect(resident?.value).toBeLessThan(MOST_RESIDENT);
  });

  it('asks its database some few times a second, and begins no transactions', async () => {
    // A scrape has the checks run: they are what is asked twice in between.
    await wait(SETTLED);
    await statements();
    const before = await statements();
    const between = await statements();
    await wait(WATCHED);
    const after = await statements();

    const asked = new Map(
      [...after].map(([kind, value]) => {
        const ofOneScrape = (between.get(kind) ?? 0) - (before.get(kind) ?? 0);
        return [kind, value - (between.get(kind) ?? 0) - ofOneScrape];
      }),
    );
    const inAll = (end: string) =>
      [...asked].filter(([kind]) => kind.endsWith(end)).reduce((sum, [, value]) => sum + value, 0);
    const seconds = WATCHED / 1_000;
    // Audit looks each second for what its next checkpoint covers, each relay every five seconds, and so does the queue of mails.
    expect(asked.get('audit select')).toBeGreaterThan(0);
    expect(inAll(' select')).toBeLessThan(3 * seconds);
    for (const schema of ['identity', 'authz', 'blog']) expect(asked.get(`${schema} select`)).toBeLessThan(seconds);
    expect(inAll(' with')).toBeLessThan(seconds);
    // START TRANSACTION and COMMIT: once a minute the log is looked at as a whole.
    expect(inAll(' other')).toBeLessThan(10);
    for (const change of [' insert', ' update', ' delete']) expect(inAll(change)).toBeLessThan(3);
  });
});
