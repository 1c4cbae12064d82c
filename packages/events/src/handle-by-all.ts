import type { CloudEvent } from './cloud-event.js';
import { type DeadLetter, type EventConsumer, includesType } from './event-bus.js';

/** Has each consumer handle the events that it wants, all of them to their end. @throws the first failure of one */
export async function handleByAll(
  consumers: readonly EventConsumer[],
  events: readonly CloudEvent[],
): Promise<readonly DeadLetter[]> {
  const outcomes = await Promise.allSettled(
    consumers.map(async (consumer): Promise<readonly DeadLetter[]> => {
      const wanted = events.filter(({ type }) => includesType(consumer.types, type));
      return wanted.length > 0 ? consumer.handleBatch(wanted) : [];
    }),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}
