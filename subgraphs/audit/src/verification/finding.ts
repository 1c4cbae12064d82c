/** Something about the log that is not as it was signed. */
export interface Finding {
  /** The first entry that is bad; null when it is not about entries. */
  readonly sequence: number | null;
  readonly message: string;
}

/** What came of a verification. */
export interface Verdict {
  /** Entries that were read. */
  readonly entries: number;
  /** How many of the first entries a checkpoint vouches for. */
  readonly covered: number;
  readonly checkpoints: number;
  /** In the order of the log; none when all is well. Beyond a number of them, the rest is not listed. */
  readonly findings: readonly Finding[];
}
