// The audit subgraph in a process of its own, as in production, for audit.mjs, which pauses and resumes what it takes from Kafka.
import { once } from 'node:events';
import { audit } from '@platform/audit';
import { MemoryRevocationVersions } from '@platform/auth';
import { systemClock } from '@platform/foundation/clock';
import { loadConfig, processSections } from '@platform/foundation/config';
import { ErrorBus } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { KafkaBus } from '@platform/kafka';
import { MemoryCache } from '@platform/redis/cache';
import { assembleSubgraph } from '@platform/subgraph-server/subgraph';

const { set, databaseUrl } = JSON.parse(process.argv[2]);
const config = loadConfig({ ...processSections, ...audit.sections }, { environment: 'test', set });
const logger = createLogger(config.logging);
const metrics = new Metrics();
const bus = new KafkaBus({
  config: config.kafka,
  events: config.events,
  clientId: 'bench-audit',
  publishers: [{ name: 'identity' }],
  logger,
  metrics,
});
let resume = () => {};
let resumed = Promise.resolve();
/** The bus, whose consumers wait while they are paused. */
const pausable = Object.assign(Object.create(bus), {
  consume: (consumer) => {
    const handleBatch = (events) => resumed.then(() => consumer.handleBatch(events));
    bus.consume({ group: consumer.group, types: consumer.types, handleBatch });
  },
});
const subgraph = await assembleSubgraph(audit, {
  config,
  databaseUrl,
  logger,
  metrics,
  health: new Health(),
  errors: new ErrorBus().addSink(({ error }) => console.error(error)),
  cache: new MemoryCache(),
  revocations: new MemoryRevocationVersions(),
  bus: pausable,
  clock: systemClock,
  mailer: { send: async () => {} },
  endpoint: () => ({ execute: () => Promise.reject(new Error('There is nobody to call')) }),
});
await subgraph.part.start();
await bus.consumers.start();
await bus.consumers.ready();

process.on('message', (paused) => {
  resume();
  if (paused)
    resumed = new Promise((resolve) => {
      resume = resolve;
    });
  process.send('done');
});
process.send('ready');
await once(process, 'disconnect');
await bus.consumers.stop();
await subgraph.part.stop();
await bus.stop();
