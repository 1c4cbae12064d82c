import { InProcessBus } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { OutboxRelay } from '@platform/outbox';
import { Database } from '@platform/postgres/database';
import { createTestDatabase, eventually, recorded, type TestDatabase } from '@platform/testkit';

const config = loadConfig(processSections, { environment: 'test' });
const logger = createLogger({ ...config.logging, level: 'silent' });

describe('a relay with nothing to do', () => {
  let test: TestDatabase;
  let way: Awaited<ReturnType<typeof recorded>>;
  let database: Database;
  let relay: OutboxRelay;

  beforeEach(async () => {
    test = await createTestDatabase();
    way = await recorded(test.url);
    const metrics = new Metrics();
    const settings = { ...config.database, preparedStatements: 0 };
    database = new Database({
      url: way.url,
      config: settings,
      schema: 'blog',
      entities: [],
      logger,
      metrics,
      otherwise: { tenantId: config.platform.tenantId, across: false },
    });
    relay = new OutboxRelay('blog', database, new InProcessBus(), config.events, { logger, metrics });
    await database.start();
  });
  afterEach(async () => {
    await relay.stop();
    await database.stop();
    way.close();
    await test.drop();
  });

  const said = (text: string): number => way.statements().split(text).length - 1;
  const looks = (): number => said('SELECT EXISTS (SELECT FROM outbox');

  it('looks with one statement each time, and takes no turn', async () => {
    await relay.start();
    await eventually(() => expect(looks()).toBeGreaterThan(5));

    expect(said('pg_try_advisory_xact_lock')).toBe(1);
    expect(said('START TRANSACTION')).toBe(1);
  });

  it('looks less and less often', async () => {
    const { pollInterval } = config.events;
    const began = performance.now();

    await relay.start();
    await eventually(() => expect(looks()).toBe(8));

    // Pauses of 1, 2, 4, 8, and of 10 from then on. Timers fire up to a millisecond early.
    expect(performance.now() - began).toBeGreaterThan((1 + 2 + 4 + 8 + 4 * 10) * (pollInterval - 1));
  });

  it('takes a turn at once when it is told that there is something', async () => {
    await relay.start();
    await eventually(() => expect(looks()).toBe(5));

    relay.wake();

    await eventually(() => expect(said('pg_try_advisory_xact_lock')).toBe(2));
    expect(looks()).toBeLessThan(8);
  });
});
