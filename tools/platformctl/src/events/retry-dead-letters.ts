import type { SubgraphName } from '@platform/runtime/modules';
import type { EventTools } from './event-tools.js';
import type { StoredDeadLetter } from './schema-tables.js';
import { withHandlers } from './with-handlers.js';

/** Gives letters to their handlers in this process. Answers for each whether it had its effect; why not is with the letter. */
export const retryEach = (
  name: SubgraphName,
  letters: readonly StoredDeadLetter[],
  tools: Pick<EventTools, 'config' | 'databaseUrl'>,
): Promise<boolean[]> =>
  withHandlers(name, tools, async ({ consumers }) => {
    const outcomes: boolean[] = [];
    for (const { handler, envelope } of letters) {
      const consumer = consumers.find((candidate) => candidate.handler.name === handler);
      outcomes.push(consumer !== undefined && (await consumer.handleBatch([envelope])).length === 0);
    }
    return outcomes;
  });
