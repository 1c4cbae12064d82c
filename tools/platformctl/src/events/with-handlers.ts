import { type EventBus, EventProvenance } from '@platform/events';
import { Lifecycle } from '@platform/foundation/lifecycle';
import type { Metrics } from '@platform/foundation/metrics';
import { InboxConsumer } from '@platform/outbox';
import { httpEndpoints } from '@platform/runtime/http-endpoints';
import type { SubgraphName } from '@platform/runtime/modules';
import { createProcessContext } from '@platform/runtime/process-context';
import { definitions } from '@platform/runtime/subgraphs';
import { assembleSubgraph } from '@platform/subgraph-server/subgraph';
import type { EventTools } from './event-tools.js';

/** A subgraph's handlers of events, in this process. */
export interface Handlers {
  readonly consumers: readonly InboxConsumer[];
  /** Counts what they do. */
  readonly metrics: Metrics;
}

/** Gives `work` the handlers of a subgraph, for as long as it takes. */
export async function withHandlers<T>(
  name: SubgraphName,
  { config, databaseUrl }: Pick<EventTools, 'config' | 'databaseUrl'>,
  work: (handlers: Handlers) => Promise<T>,
): Promise<T> {
  const consumers: InboxConsumer[] = [];
  const shared = createProcessContext(config, 'events');
  const { endpoint, part } = httpEndpoints(shared);
  const parts = { ...shared, databaseUrl, endpoint, bus: collecting(consumers) };
  const subgraph = await assembleSubgraph(definitions[name], parts);
  const lifecycle = new Lifecycle(shared.logger, { shutdownTimeout: config.server.shutdownTimeout });
  lifecycle.add(...shared.parts, part, subgraph.part);
  await lifecycle.start();
  try {
    return await work({ consumers, metrics: shared.metrics });
  } finally {
    await lifecycle.stop();
  }
}

/** A bus that carries nothing: it only learns who would receive. */
const collecting = (consumers: InboxConsumer[]): EventBus => ({
  name: 'events',
  provenance: new EventProvenance(),
  consumers: { name: 'consumers' },
  consume: (consumer) => {
    if (consumer instanceof InboxConsumer) consumers.push(consumer);
  },
  onEvent: () => () => {},
  publish: () => Promise.reject(new Error('Nothing is published while handlers run beside the platform')),
});
