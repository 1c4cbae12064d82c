/** For how long an overload is taken to last, in ms: the first one, and however often it comes back. */
const LASTS = { first: 10_000, most: 60_000 };

/**
 * Whether more comes than can be done. It is found out anew at times: each overload that comes back at once is taken to last twice as long as the
 * one before, since every attempt makes those wait who come meanwhile.
 */
export class Overload {
  private length = LASTS.first;
  private until = Number.NEGATIVE_INFINITY;

  /** @param now in ms, as are all others here. */
  lasts(now: number): boolean {
    return now < this.until;
  }

  /** Somebody had to be refused. */
  meet(now: number): void {
    if (this.lasts(now)) return;
    this.length = now - this.until < this.length ? Math.min(LASTS.most, 2 * this.length) : LASTS.first;
    this.until = now + this.length;
  }
}
