const BUCKETS = 384;
const GROWTH = Math.log(1.1);

/** Durations as Studio counts them: bucket n holds those up to 1.1ⁿ microseconds. */
export class DurationHistogram {
  private readonly counts: number[] = [];

  add(durationNs: number): void {
    const bucket = Math.ceil(Math.log(durationNs / 1000) / GROWTH);
    const bounded = Math.min(Math.max(Number.isNaN(bucket) ? 0 : bucket, 0), BUCKETS - 1);
    this.counts[bounded] = (this.counts[bounded] ?? 0) + 1;
  }

  /** The counts in order; a negative number stands for so many empty buckets, a single one is 0. */
  toArray(): number[] {
    const compact: number[] = [];
    let empty = 0;
    for (let bucket = 0; bucket < this.counts.length; bucket += 1) {
      const count = this.counts[bucket] ?? 0;
      if (count === 0) empty += 1;
      else {
        if (empty > 0) compact.push(empty === 1 ? 0 : -empty);
        compact.push(count);
        empty = 0;
      }
    }
    return compact;
  }
}
