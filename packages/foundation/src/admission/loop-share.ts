/** How long operations that begin may keep an iteration of the event loop, in ms. */
const SLICE = 5;
/** How much of an average one more iteration changes. */
const NEW = 0.1;

/**
 * How many operations begin in one iteration of the event loop. What a hundred sockets bring at once would otherwise be done in one: whoever is
 * under way already, and needs twenty iterations, would wait for a hundred others in each.
 */
export class LoopShare {
  private begun = 0;
  private since = 0;
  /** What an operation that begins takes of its iteration, in ms. */
  private average = 1;

  /** @param onOver hears that the iteration is over, and how long it took since the first operation began in it, in ms. */
  constructor(private readonly onOver: (took: number) => void) {}

  /** Whether no more should begin before the next iteration. */
  get isUsedUp(): boolean {
    return this.begun >= Math.max(1, Math.floor(SLICE / this.average));
  }

  begin(): void {
    if (this.begun === 0) {
      this.since = performance.now();
      setImmediate(() => this.over());
    }
    this.begun += 1;
  }

  private over(): void {
    const took = performance.now() - this.since;
    this.average += NEW * (took / this.begun - this.average);
    this.begun = 0;
    this.onOver(took);
  }
}
