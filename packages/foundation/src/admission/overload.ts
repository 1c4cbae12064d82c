/** For how long an overload is taken to last, in ms: the first one, and one that has come back at once. */
const LASTS = { first: 15_000, again: 60_000 };

/**
 * Whether more comes than can be done. It is found out anew at times: one that comes back at once is taken to last longer, since every attempt makes
 * those wait who come meanwhile.
 */
export class Overload {
  private until = Number.NEGATIVE_INFINITY;

  /** @param now in ms, as are all others here. */
  lasts(now: number): boolean {
    return now < this.until;
  }

  /** Somebody had to be refused. */
  meet(now: number): void {
    if (this.lasts(now)) return;
    this.until = now + (now - this.until < LASTS.first ? LASTS.again : LASTS.first);
  }
}
