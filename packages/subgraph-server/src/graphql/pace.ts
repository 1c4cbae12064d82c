import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rows that are handed over in one turn of the event loop. */
const ROWS = 250;

/**
 * Hands over what one request has read, a part in each turn of the event loop: what graphql-js makes of the rows of one turn, it makes without
 * a pause, and everybody else waits. As many rows as most requests have are handed over at once.
 */
export class Pace {
  private turn: Promise<void> | undefined;
  private left = ROWS;

  /** Resolves when it is the turn of so many more rows; undefined: it is now. */
  take(rows: number): Promise<void> | undefined {
    if (this.left <= 0) {
      this.turn = Promise.resolve(this.turn).then(() => nextTurn());
      this.left = ROWS;
    }
    this.left -= rows;
    return this.turn;
  }
}
