import type { Clock } from '@platform/foundation/clock';

/** A clock that a test moves. It starts at the machine's time. */
export class TestClock implements Clock {
  private offset = 0;

  now(): Date {
    return new Date(Date.now() + this.offset);
  }

  /** Moves the present `ms` milliseconds ahead. */
  advance(ms: number): void {
    this.offset += ms;
  }
}
