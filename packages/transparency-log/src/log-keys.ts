import { openCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { type HandOver, openHandOver } from './hand-over.js';
import { BadNote, type NoteVerifier, printedKey } from './signed-note.js';

/** A statement of a hand-over, and the entry of the log that announces it. */
export interface AnnouncedHandOver {
  readonly note: string;
  readonly sequence: number;
}

/** What a key of the log may sign. */
export interface KeyPeriod {
  readonly key: NoteVerifier;
  /** Checkpoints over at least so many entries: its announcement is among them. */
  readonly from: number;
  /** Not later than this; null while no other key follows. */
  readonly until: Date | null;
}

/** The keys that sign a log's checkpoints, one after the other: those that are trusted, and those that hand-overs lead to from them. */
export class LogKeys {
  private constructor(
    private readonly trusted: NoteVerifier,
    /** In the order in which they followed each other, as far as that is known. */
    readonly periods: readonly KeyPeriod[],
  ) {}

  /** A key hands over once and follows one other: statements that say otherwise, or that no known key has signed, lead nowhere. */
  static of(
    trusted: readonly [NoteVerifier, ...NoteVerifier[]],
    announced: readonly AnnouncedHandOver[] = [],
  ): LogKeys {
    const statements = announced.toSorted((a, b) => a.sequence - b.sequence).flatMap(readable);
    const periods = new Map<string, KeyPeriod>(
      trusted.map((key) => [printedKey(key), { key, from: 0, until: null }] as const),
    );
    const [followed, following] = [new Set<string>(), new Set<string>()];
    const take = ({ from, to, until, sequence }: Statement, isKnown: (from: string, to: string) => boolean) => {
      const [earlier, later] = [printedKey(from), printedKey(to)];
      if (followed.has(earlier) || following.has(later) || !isKnown(earlier, later)) return;
      followed.add(earlier);
      following.add(later);
      periods.set(earlier, { key: from, from: periods.get(earlier)?.from ?? 0, until });
      periods.set(later, { key: to, from: sequence + 1, until: periods.get(later)?.until ?? null });
    };
    for (const statement of statements) take(statement, (from) => periods.has(from));
    for (const statement of statements.toReversed()) take(statement, (_, to) => periods.has(to));
    return new LogKeys(
      trusted[0],
      [...periods.values()].sort((a, b) => a.from - b.from),
    );
  }

  /** What the log calls itself. */
  get name(): string {
    return this.trusted.name;
  }

  /** A checkpoint that one of the keys has signed in its time. @throws BadNote */
  openCheckpoint(note: string): SignedCheckpoint {
    for (const period of this.periods) {
      const checkpoint = ifGood(() => openCheckpoint(note, period.key));
      if (!checkpoint) continue;
      const mistake = mistakeIn(period, checkpoint);
      if (mistake) throw new BadNote(mistake);
      return checkpoint;
    }
    throw new BadNote(`The note has no good signature of ${this.name} with a key that the log has announced.`);
  }

  /** Why the key may not sign a checkpoint; undefined when it may. */
  refusal(key: NoteVerifier, checkpoint: Pick<SignedCheckpoint, 'size' | 'signedAt'>): string | undefined {
    const period = this.periods.find((each) => printedKey(each.key) === printedKey(key));
    return period ? mistakeIn(period, checkpoint) : `The log has not announced the key ${key.keyId.toString('hex')}.`;
  }
}

type Statement = HandOver & { readonly sequence: number };

const readable = ({ note, sequence }: AnnouncedHandOver): Statement[] => {
  const handOver = ifGood(() => openHandOver(note));
  return handOver ? [{ ...handOver, sequence }] : [];
};

function mistakeIn(
  { key, from, until }: KeyPeriod,
  { size, signedAt }: Pick<SignedCheckpoint, 'size' | 'signedAt'>,
): string | undefined {
  const id = key.keyId.toString('hex');
  if (size < from) return `The key ${id} signs from ${from} entries on, not over ${size}.`;
  if (until && signedAt > until) return `The key ${id} signs nothing after ${until.toISOString()}.`;
  return undefined;
}

function ifGood<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadNote) return undefined;
    throw error;
  }
}
