/** Fewest at a time, however busy the process is, and most. */
const BOUNDS = { least: 4, most: 1000 };
/** Share of its time that an event loop is busy: from the first on it has more to do than it can, below the second it has room, below the third much. */
const BUSY = { full: 0.98, spare: 0.9, idle: 0.7 };
const LOWERED = 0.8;
const RAISED = 1.25;

/** What is known of the time that is judged. */
interface Judged {
  /** How many run now, or wait. */
  readonly running?: number;
  /** Whether some wait although there are places: a little time to spare then says nothing of how many are too many. */
  readonly isHeldBack?: boolean;
  /** Whether those that were done took longer than they usually do. */
  readonly areSlow?: boolean;
}

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

  /** How many run now, or wait. */
  note(running: number): void {
    if (running > this.most) this.most = running;
  }

  /** Whether the loop has been too busy for all who came, and has not had time for long since. */
  get isLowered(): boolean {
    return this.limit < BOUNDS.most;
  }

  /** Judges the time since the last turn. True when the loop had time to spare in it. */
  turn({ running = 0, isHeldBack = false, areSlow = true }: Judged = {}): boolean {
    const share = this.utilization?.() ?? this.measured();
    const most = Math.max(this.most, running);
    this.most = running;
    if (share >= BUSY.full) {
      // A loop that is busy with something else is not helped by fewer operations.
      if (areSlow && most > BOUNDS.least) this.limit = Math.max(BOUNDS.least, Math.min(this.limit, most) * LOWERED);
    } else if (share < (isHeldBack ? BUSY.idle : BUSY.spare)) {
      this.limit = Math.min(BOUNDS.most, this.limit * RAISED);
    }
    return share < BUSY.spare;
  }

  private measured(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.last);
    this.last = now;
    return utilization;
  }
}
