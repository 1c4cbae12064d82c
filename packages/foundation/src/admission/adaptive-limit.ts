/** Fewest at a time, however busy the process is, and most. */
const BOUNDS = { least: 4, most: 1000 };
/** Share of its time that an event loop is busy: from the first on it has more to do than it can, below the second it has room, below the third much. */
const BUSY = { full: 0.98, spare: 0.9, idle: 0.7 };
const LOWERED = 0.8;
const RAISED = 1.25;

/**
 * How many may run at a time so that the event loop has just enough to do: more would only wait for each other inside it. It is found by
 * what is measured alone: a loop that is always busy lowers it, one that has time raises it.
 */
export class AdaptiveLimit {
  private limit = BOUNDS.most;
  private most = 0;
  private last = performance.eventLoopUtilization();

  /** @param utilization of the event loop since it was last asked, from 0 to 1. */
  constructor(private readonly utilization?: () => number) {}

  get value(): number {
    return Math.round(this.limit);
  }

  /** How many run now. */
  note(running: number): void {
    if (running > this.most) this.most = running;
  }

  /** Whether the loop has been too busy for all who came, and has not had time for long since. */
  get isLowered(): boolean {
    return this.limit < BOUNDS.most;
  }

  /**
   * Judges the time since the last turn. True when the loop had time to spare in it.
   * @param isHeldBack whether some wait although there are places: a little time to spare then says nothing of how many are too many.
   */
  turn(isHeldBack = false): boolean {
    const share = this.utilization?.() ?? this.measured();
    const [most, spare] = [this.most, share < BUSY.spare];
    this.most = 0;
    if (share >= BUSY.full) this.limit = Math.max(BOUNDS.least, Math.min(this.limit, most) * LOWERED);
    else if (share < (isHeldBack ? BUSY.idle : BUSY.spare)) this.limit = Math.min(BOUNDS.most, this.limit * RAISED);
    return spare;
  }

  private measured(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.last);
    this.last = now;
    return utilization;
  }
}
