import { Pace } from '../src/graphql/pace.js';

describe('Pace', () => {
  /** How many rows of lists were handed over in each turn of the event loop. */
  async function turnsOf(lists: readonly number[]): Promise<number[]> {
    const pace = new Pace();
    const turns = [0];
    let over = false;
    const count = (): void => {
      turns.push(0);
      if (!over) setImmediate(count);
    };
    const add = (rows: number): void => {
      turns[turns.length - 1] = (turns.at(-1) ?? 0) + rows;
    };
    setImmediate(count);
    await Promise.all(
      lists.map(async (rows) => {
        const turn = pace.take(rows);
        if (turn) await turn;
        add(rows);
      }),
    );
    over = true;
    return turns.filter((rows) => rows > 0);
  }

  it('hands over what most requests have read at once', async () => {
    expect(await turnsOf(Array.from({ length: 20 }, () => 10))).toEqual([200]);
  });

  it('hands over no more in one turn than everybody else can wait for, and all of it in the end', async () => {
    const turns = await turnsOf(Array.from({ length: 90 }, () => 100));
    expect(Math.max(...turns)).toBeLessThanOrEqual(300);
    expect(turns.reduce((sum, rows) => sum + rows, 0)).toBe(9_000);
  });
});
