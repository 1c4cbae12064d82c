import { type EventBus, EventConsumer } from '@platform/kernel/events';
import { Lifecycle } from '@platform/kernel/lifecycle';
import { assembleSubgraph } from '@platform/kernel/subgraph';
import { foundation } from '../platform/foundation.js';
import { httpEndpoints } from '../platform/http-endpoints.js';
import type { SubgraphName } from '../platform/modules.js';
import { subgraphs } from '../platform/subgraphs.js';
import type { EventTools } from './event-tools.js';
import type { KeptLetter } from './schema-tables.js';

/** Gives letters to their handlers in this process. Answers for each whether it had its effect; why not is with the letter. */
export async function retryLetters(
  name: SubgraphName,
  letters: readonly KeptLetter[],
  { config, databaseUrl }: Pick<EventTools, 'config' | 'databaseUrl'>,
): Promise<boolean[]> {
  const consumers: EventConsumer[] = [];
  const shared = foundation(config, 'events');
  const { endpoint, part } = httpEndpoints(shared);
  const parts = { ...shared, databaseUrl, endpoint, bus: collecting(consumers) };
  const subgraph = await assembleSubgraph(subgraphs[name].definition, parts);
  const lifecycle = new Lifecycle(shared.logger, { shutdownTimeout: config.server.shutdownTimeout });
  lifecycle.add(...shared.parts, part, subgraph.part);
  await lifecycle.start();
  try {
    const outcomes: boolean[] = [];
    for (const { handler, envelope } of letters) {
      const consumer = consumers.find((candidate) => candidate.handler.name === handler);
      outcomes.push(consumer !== undefined && (await consumer.deliver([envelope])).length === 0);
    }
    return outcomes;
  } finally {
    await lifecycle.stop();
  }
}

/** A bus that carries nothing: it only learns who would receive. */
const collecting = (consumers: EventConsumer[]): EventBus => ({
  name: 'events',
  deliveries: { name: 'deliveries' },
  subscribe: (subscriber) => {
    if (subscriber instanceof EventConsumer) consumers.push(subscriber);
  },
  listen: () => () => {},
  publish: () => Promise.reject(new Error('Nothing is published while letters are retried')),
  pause: () => {},
  resume: () => {},
});
