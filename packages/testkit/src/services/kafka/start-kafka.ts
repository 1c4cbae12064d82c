import { take } from '../environment.js';
import { onDemand } from '../on-demand.js';
import type { RunningService } from '../running-service.js';
import { KafkaBroker } from './kafka-broker.js';
import { canRunKafka } from './kafka-jars.js';

/** A desk that answers the brokers of KAFKA_BROKERS, else those of a broker that starts when first asked for; none on a machine that cannot run one. */
export async function offerKafka(): Promise<RunningService | undefined> {
  const brokers = take('KAFKA_BROKERS');
  if (brokers) return onDemand(async () => ({ url: brokers, stop: async () => {} }));
  return canRunKafka() ? onDemand(startBroker) : undefined;
}

async function startBroker(): Promise<RunningService> {
  const broker = await KafkaBroker.create();
  await broker.start();
  return { url: broker.brokers, stop: () => broker.remove() };
}
