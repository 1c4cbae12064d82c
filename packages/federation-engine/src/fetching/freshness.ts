/** For how long an answer holds, by all of its parts: as long as the one that holds shortest, for everybody only where every part is. */
export class Freshness {
  private shortest = Number.POSITIVE_INFINITY;
  private everybody = true;

  /** @param fresh in ms. */
  add(fresh: number, isForEverybody: boolean): void {
    this.shortest = Math.min(this.shortest, fresh);
    this.everybody &&= isForEverybody;
  }

  /** Whole seconds; 0 for what may not be kept, and for an answer without parts. */
  get maxAge(): number {
    return Number.isFinite(this.shortest) ? Math.max(0, Math.floor(this.shortest / 1000)) : 0;
  }

  get isForEverybody(): boolean {
    return this.everybody;
  }
}
