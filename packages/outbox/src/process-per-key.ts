import { aggregateOf, type CloudEvent } from '@platform/events';
import type { Semaphore } from './semaphore.js';

/**
 * Works through events, those of one aggregate one after the other, several aggregates at a time as far as the semaphore permits.
 * Returns what came of each. @throws the first failure, once what had begun has ended; nothing begins after it.
 */
export async function processPerKey<T>(
  events: readonly CloudEvent[],
  semaphore: Semaphore,
  work: (event: CloudEvent) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let failed = false;
  const lanes = [...Map.groupBy(events, aggregateOf).values()].map(async (lane) => {
    for (const event of lane) {
      await semaphore.run(async () => {
        if (failed) return;
        try {
          results.push(await work(event));
        } catch (error) {
          failed = true;
          throw error;
        }
      });
    }
  });
  const failure = (await Promise.allSettled(lanes)).find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return results;
}
