import { GrowingTree, HASH_BYTES, type Hash } from '@platform/transparency-log';
import type { CheckpointWindow } from './checkpoint-window.js';
import type { Finding, Verdict } from './finding.js';
import type { FoundCheckpoint } from './found-checkpoints.js';
import { type LogEntry, recomputedHash } from './log-entry.js';

/** What is known of an entry's hash besides the entry: from the stored tree, and from outside the database. */
export interface KnownHashes {
  readonly tree?: Hash | undefined;
  readonly kept?: Hash | undefined;
}

const UNKNOWN = Buffer.alloc(HASH_BYTES);
const MOST_FINDINGS = 100;
/** How far the database's clock may be ahead of the signer's, in ms. */
const CLOCK_SKEW = 60_000;

/** Holds entries, in the order of their sequence, against hashes and checkpoints. It reads nothing but checkpoints, and writes nothing. */
export class LogVerifier {
  private readonly tree = new GrowingTree();
  private readonly findings: Finding[] = [];
  /** Entries up to here are those of a checkpoint. */
  private good = 0;
  private rootsKnown = true;
  private expected = 0;
  private recordedAt = '';
  private read = 0;

  constructor(private readonly checkpoints: CheckpointWindow) {}

  /** The sequence that the next entry must have. */
  get next(): number {
    return this.expected;
  }

  /** Comes before entries are told: reads the checkpoints that cover no more than `size` entries. */
  async load(size: number): Promise<void> {
    await this.checkpoints.load(size);
    this.holdAgainstCheckpoints();
  }

  /** How many entries the next checkpoint covers; none when there is no other. */
  async promised(): Promise<number> {
    await this.load(this.next);
    return this.checkpoints.next?.size ?? 0;
  }

  /** Takes the next entry. Entries between it and the last one must have been told as missing or archived. */
  entry(entry: LogEntry, { tree, kept }: KnownHashes = {}): void {
    const sequence = Number(entry.sequence);
    this.read += 1;
    if (sequence < this.next) {
      this.found(sequence, `entry ${sequence} (${entry.id}) is there more than once, or out of its order`);
      return;
    }
    const hash = recomputedHash(entry);
    const hex = hash.toString('hex');
    if (tree && kept && !tree.equals(kept)) {
      this.found(sequence, `the stored tree was changed at entry ${sequence} (${entry.id})`);
    }
    const known = kept ?? tree;
    if (known && !hash.equals(known)) {
      this.found(sequence, `entry ${sequence} (${entry.id}) is not the one that was recorded there`);
    } else if (hex !== entry.leafHash) {
      this.found(sequence, `entry ${sequence} (${entry.id}) does not have the hash that it names`);
    } else if (entry.recordedAt < this.recordedAt) {
      this.found(sequence, `entry ${sequence} (${entry.id}) was recorded before the one that it follows`);
    }
    this.recordedAt = entry.recordedAt;
    this.grow(known ?? hash);
  }

  /** The next entry is in the archive, where it has this hash. */
  archived(hash: Hash, { tree, kept }: KnownHashes): void {
    const known = kept ?? tree;
    if (known && !hash.equals(known)) {
      this.found(this.next, `entry ${this.next} in the archive is not the one that was recorded there`);
    }
    this.grow(known ?? hash);
  }

  /** The entries from the next one until before `to` are not there; checkpoints have been loaded as far. Their hashes, where known, let the check go on behind them. */
  missing(to: number, hashes: (sequence: number) => Hash | undefined): void {
    const from = this.next;
    const which = to - from === 1 ? `entry ${from} is` : `entries ${from} to ${to - 1} are`;
    this.found(from, `${which} missing`);
    for (let sequence = from; sequence < to && this.checkpoints.next; sequence += 1) {
      const hash = hashes(sequence);
      if (!hash) this.rootsKnown = false;
      this.grow(hash ?? UNKNOWN);
    }
    // No checkpoint covers what is behind them: nothing is held against a root any more.
    this.expected = to;
  }

  /** An entry was read that is not held against its neighbours. */
  count(): void {
    this.read += 1;
  }

  /** Something else that is wrong, with an entry or with none. */
  found(sequence: number | null, message: string): void {
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ sequence, message });
  }

  async end(): Promise<Verdict> {
    const isCutOff = (await this.promised()) > this.next;
    const { count, last } = await this.checkpoints.end();
    if (isCutOff && last) {
      const which =
        last.size - this.next === 1
          ? `entry ${this.next}, the last,`
          : `entries ${this.next} to ${last.size - 1}, the last,`;
      this.found(this.next, `${which} were cut off: ${last.source} covers ${last.size} entries`);
    }
    const findings = this.findings.toSorted((a, b) => place(a) - place(b));
    return { entries: this.read, covered: this.good, checkpoints: count, findings };
  }

  private grow(hash: Hash): void {
    this.tree.append(hash);
    this.expected += 1;
    this.holdAgainstCheckpoints();
  }

  private holdAgainstCheckpoints(): void {
    let { next } = this.checkpoints;
    if (next?.size !== this.next) return;
    const root = this.tree.root();
    const here: FoundCheckpoint[] = [];
    for (; next?.size === this.next; next = this.checkpoints.next) {
      here.push(next);
      this.checkpoints.take();
    }
    this.recordedInTime(here);
    if (!this.rootsKnown) return;
    const others = here.filter((each) => !each.root.equals(root));
    const agrees = here.find((each) => each.root.equals(root));
    for (const other of others) {
      const among =
        this.good + 1 === this.next ? `entry ${this.good}` : `one of the entries ${this.good} to ${this.next - 1}`;
      const message = agrees
        ? `split view: ${agrees.source} and ${other.source} are both signed and disagree about ${among}`
        : `${among} is not what was signed: the first ${this.next} entries do not have the root of ${other.source}`;
      this.found(this.firstBadSince(this.good) ?? this.good, message);
    }
    if (others.length === 0) this.good = this.next;
    else if (!agrees) this.rootsKnown = false;
  }

  private firstBadSince(from: number): number | undefined {
    const bad = this.findings.flatMap(({ sequence }) => (sequence !== null && sequence >= from ? sequence : []));
    return bad.length === 0 ? undefined : Math.min(...bad);
  }

  private recordedInTime(checkpoints: readonly FoundCheckpoint[]): void {
    const late = checkpoints.find(({ signedAt }) => signedAt.getTime() + CLOCK_SKEW < Date.parse(this.recordedAt));
    if (late)
      this.found(this.next - 1, `entry ${this.next - 1} claims to be recorded after ${late.source}, which covers it`);
  }
}

const place = ({ sequence }: Finding): number => sequence ?? Number.MAX_SAFE_INTEGER;
