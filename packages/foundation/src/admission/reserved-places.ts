/** Places in all, and how many of them one asker may have. */
const MOST = { all: 8, each: 4 };

/** Places beside all others, for what has to be possible always. */
export class ReservedPlaces {
  private readonly byAsker = new Map<string, number>();
  private all = 0;

  get taken(): number {
    return this.all;
  }

  /** False when all are taken, or the asker has enough of them. */
  take(key: string): boolean {
    const own = this.byAsker.get(key) ?? 0;
    if (this.all >= MOST.all || own >= MOST.each) return false;
    this.all += 1;
    this.byAsker.set(key, own + 1);
    return true;
  }

  /** Of one that was taken. */
  leave(key: string): void {
    const own = this.byAsker.get(key) ?? 0;
    this.all -= 1;
    if (own > 1) this.byAsker.set(key, own - 1);
    else this.byAsker.delete(key);
  }
}
