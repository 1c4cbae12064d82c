import { kernelSections, loadConfig } from '@platform/kernel/config';
import { Database } from '@platform/kernel/database';
import { InProcessBus, OutboxRelay } from '@platform/kernel/events';
import { createLogger } from '@platform/kernel/logging';
import { Metrics } from '@platform/kernel/metrics';
import { createTestDatabase, eventually } from '@platform/testkit';
import { recorded } from './recorded-statements.js';

const config = loadConfig(kernelSections, { environment: 'test' });
const logger = createLogger({ ...config.logging, level: 'silent' });

describe('a relay with nothing to do', () => {
  it('looks with one statement each time, and takes no turn', async () => {
    const test = await createTestDatabase();
    const way = await recorded(test.url);
    const metrics = new Metrics();
    const settings = { ...config.database, preparedStatements: 0 };
    const database = new Database({ url: way.url, config: settings, schema: 'blog', entities: [], logger, metrics });
    const relay = new OutboxRelay('blog', database, new InProcessBus(), config.events, { logger, metrics });
    await database.start();
    const said = (text: string): number => way.statements().split(text).length - 1;

    await relay.start();
    await eventually(() => expect(said('SELECT EXISTS (SELECT FROM outbox')).toBeGreaterThan(5));

    expect(said('pg_try_advisory_xact_lock')).toBe(1);
    expect(said('START TRANSACTION')).toBe(1);
    await relay.stop();
    await database.stop();
    way.close();
    await test.drop();
  });
});
