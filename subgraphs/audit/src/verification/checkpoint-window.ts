import type { FoundCheckpoint } from './found-checkpoints.js';

/** Checkpoints from several places, smallest first, of which only those near are in memory: those that were loaded, and one beyond. */
export class CheckpointWindow {
  private readonly checkpoints: AsyncIterator<FoundCheckpoint>;
  private readonly loaded: FoundCheckpoint[] = [];
  private last: FoundCheckpoint | undefined;
  private read = 0;
  private ended = false;

  /** @param sources each smallest first. */
  constructor(sources: readonly AsyncIterable<FoundCheckpoint>[]) {
    this.checkpoints = merged(sources);
  }

  /** The smallest of those that were not taken; undefined at the end. */
  get next(): FoundCheckpoint | undefined {
    return this.loaded[0];
  }

  take(): void {
    this.loaded.shift();
  }

  /** Reads on until beyond those of the size. */
  async load(size: number): Promise<void> {
    while (!this.ended && !(this.last && this.last.size > size)) {
      const checkpoint = await this.following();
      if (checkpoint) this.loaded.push(checkpoint);
    }
  }

  /** Reads all that there are. Answers how many there were, and the largest. */
  async end(): Promise<{ count: number; last: FoundCheckpoint | undefined }> {
    while (!this.ended) await this.following();
    return { count: this.read, last: this.last };
  }

  private async following(): Promise<FoundCheckpoint | undefined> {
    const { value, done } = await this.checkpoints.next();
    if (done) {
      this.ended = true;
      return undefined;
    }
    this.read += 1;
    this.last = value;
    return value;
  }
}

async function* merged(sources: readonly AsyncIterable<FoundCheckpoint>[]): AsyncGenerator<FoundCheckpoint> {
  const heads: { checkpoint: FoundCheckpoint; others: AsyncIterator<FoundCheckpoint> }[] = [];
  for (const source of sources) {
    const others = source[Symbol.asyncIterator]();
    const { value, done } = await others.next();
    if (!done) heads.push({ checkpoint: value, others });
  }
  for (let head = smallest(heads); head; head = smallest(heads)) {
    yield head.checkpoint;
    const { value, done } = await head.others.next();
    if (done) heads.splice(heads.indexOf(head), 1);
    else head.checkpoint = value;
  }
}

const smallest = <T extends { checkpoint: FoundCheckpoint }>(heads: readonly T[]): T | undefined =>
  heads.reduce<T | undefined>(
    (least, head) => (least && least.checkpoint.size <= head.checkpoint.size ? least : head),
    undefined,
  );
