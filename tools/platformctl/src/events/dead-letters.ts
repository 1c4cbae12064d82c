import { type SubgraphName, subgraphNames } from '@platform/runtime/modules';
import { recordOperator } from '@platform/runtime/operator';
import { print } from '../options.js';
import type { EventTools } from './event-tools.js';
import { retryEach } from './retry-dead-letters.js';
import type { SchemaTables, StoredDeadLetter } from './schema-tables.js';

/** Prints a line for each event that a handler gave up. */
export const listDeadLetters = (tools: EventTools): Promise<void> =>
  forLetters(tools, undefined, async (name, letters) => {
    for (const letter of letters) print(line(name, letter));
  });

/** Prints an event in full, with the reason of each handler that gave it up. */
export const inspectDeadLetter = (tools: EventTools, id: string): Promise<void> =>
  forLetters(tools, id, async (name, letters) => {
    for (const { envelope, ...letter } of letters) {
      print(JSON.stringify({ subgraph: name, ...letter, envelope }, null, 2));
    }
  });

/** Gives an event, or all of them, to the handlers that gave them up; what is handled now is no dead letter any more. The audit log tells who did it. */
export const retryDeadLetters = (tools: EventTools, id: string | undefined): Promise<void> =>
  forLetters(tools, id, async (name, letters, tables) => {
    const events = letters.map(({ eventId, handler }) => ({ eventId, handler }));
    await recordOperator(tools.config, { ...RETRIED, resourceId: name, metadata: { events } });
    const outcomes = await retryEach(name, letters, tools);
    for (const [index, letter] of letters.entries()) {
      if (outcomes[index]) await tables.forget(letter);
      else process.exitCode = 1;
      print(`${outcomes[index] ? 'handled' : 'failed '}  ${line(name, letter)}`);
    }
  });

async function forLetters(
  { open }: EventTools,
  id: string | undefined,
  work: (name: SubgraphName, letters: readonly StoredDeadLetter[], tables: SchemaTables) => Promise<void>,
): Promise<void> {
  let found = 0;
  for (const name of subgraphNames) {
    await open(name, async (tables) => {
      const letters = await tables.letters(id);
      found += letters.length;
      if (letters.length > 0) await work(name, letters, tables);
    });
  }
  if (found === 0) print(id === undefined ? 'There are no dead letters.' : `There is no dead letter ${id}.`);
}

const RETRIED = { action: 'platform.events.retried', resource: 'events' };

const line = (name: string, { eventId, handler, type, reason, failedAt }: StoredDeadLetter): string =>
  `${eventId}  ${name}  ${handler}  ${type}  ${failedAt.toISOString()}  ${reason.split('\n')[0]}`;
