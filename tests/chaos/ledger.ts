/** What the platform has acknowledged: of each post, the last version that a mutation answered with. Every version of a post is an event. */
export class Ledger {
  private readonly versions = new Map<string, number>();
  private count = 0;

  acknowledge(postId: string, version: number): void {
    this.versions.set(postId, Math.max(version, this.versions.get(postId) ?? 0));
    this.count += 1;
  }

  /** Mutations that were acknowledged. */
  get acknowledged(): number {
    return this.count;
  }

  /** How many acknowledged versions are not among those that are committed, by post. */
  missingFrom(committed: ReadonlyMap<string, number>): number {
    return [...this.versions].reduce((sum, [id, version]) => sum + Math.max(0, version - (committed.get(id) ?? 0)), 0);
  }
}
