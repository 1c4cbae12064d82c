import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { KindName } from './kinds.js';

/** What became of an operation: `refused` is by a limit, with a code that says so; `failed` is anything else but an answer. */
export type Outcome = 'admitted' | 'refused' | 'failed';

/** Counts and times of the operations of one kind, or of all. */
export class Tally {
  offered = 0;
  readonly counts: Record<Outcome, number> = { admitted: 0, refused: 0, failed: 0 };
  /** Of those that were admitted, in microseconds. */
  private readonly times: RecordableHistogram = createHistogram();

  add(outcome: Outcome, ms: number): void {
    this.counts[outcome] += 1;
    if (outcome === 'admitted') this.times.record(Math.max(1, Math.round(ms * 1000)));
  }

  /** In ms; NaN where nothing was admitted. */
  percentile(share: number): number {
    return this.counts.admitted === 0 ? Number.NaN : this.times.percentile(share) / 1000;
  }
}

/** What became of the operations of a load, by kind and in all. */
export class Tallies {
  readonly all = new Tally();
  readonly byKind = new Map<KindName, Tally>();
  /** How often each code, or status, was the reason not to answer. */
  readonly codes = new Map<string, number>();

  offer(kind: KindName): void {
    for (const tally of this.of(kind)) tally.offered += 1;
  }

  /** @param ms from the moment that the operation was due. @param code why it was not answered. */
  add(kind: KindName, outcome: Outcome, ms: number, code?: string): void {
    for (const tally of this.of(kind)) tally.add(outcome, ms);
    if (code !== undefined) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
  }

  private of(kind: KindName): readonly Tally[] {
    let own = this.byKind.get(kind);
    if (!own) {
      own = new Tally();
      this.byKind.set(kind, own);
    }
    return [own, this.all];
  }
}
