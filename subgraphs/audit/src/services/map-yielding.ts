import { setImmediate as othersTurn } from 'node:timers/promises';

/** Maps with a function that takes time. After each few items whoever else waits for this thread has a turn: above all a transaction that others wait for. */
export async function mapYielding<Item, Result>(
  items: readonly Item[],
  perTurn: number,
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += perTurn) {
    if (start > 0) await othersTurn();
    for (const item of items.slice(start, start + perTurn)) results.push(map(item));
  }
  return results;
}
