/**
 * A process that notes each event's effect, in the order in which it had it, in a table that would take an effect twice.
 * Runs on Node.js as it is: `node ledger-consumer.ts`, with DATABASE_URL, KAFKA_BROKERS and the like.
 */
import { EventMetrics } from '@platform/events';
import { loadConfig, processSections } from '@platform/foundation/config';
import { ErrorBus, logSink } from '@platform/foundation/errors';
import { Lifecycle, runUntilSignal } from '@platform/foundation/lifecycle';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus } from '@platform/kafka';
import { InboxConsumer, onEveryEvent } from '@platform/outbox';
import { Database } from '@platform/postgres/database';

const config = loadConfig(processSections, {});
const logger = createLogger(config.logging, { name: 'ledger' });
const metrics = new Metrics();
const errors = new ErrorBus().addSink(logSink(logger));
const url = config.database.url as string;
const database = new Database({ url, config: config.database, schema: 'blog', entities: [], logger, metrics });
const publishers = ['identity', 'authz', 'audit', 'blog'].map((name) => ({ name }));
const bus = new KafkaBus({
  config: config.kafka,
  events: config.events,
  clientId: 'ledger',
  publishers,
  logger,
  metrics,
});

const handler = onEveryEvent('chaos.ledger', async ({ id, tenantid, subject }, tx) => {
  await tx.query('INSERT INTO chaos_effects (event_id, aggregate) VALUES ($1, $2)', [id, `${tenantid}/${subject}`]);
});
bus.consume(new InboxConsumer('ledger', handler, database, config.events, { errors, metrics }));

setInterval(async () => {
  const { values } = await metrics.of(EventMetrics).eventsAbsorbed.get();
  console.log(`absorbed ${values.reduce((sum, { value }) => sum + value, 0)}`);
}, 500).unref();

const root = new Lifecycle(logger, { shutdownTimeout: config.server.shutdownTimeout });
root.add(bus, database, bus.consumers);
await runUntilSignal(root, logger, errors);
