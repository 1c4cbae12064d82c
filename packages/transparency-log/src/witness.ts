import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SignedCheckpoint } from './checkpoint.js';
import { linesOf } from './lines-of.js';
import { type LogKeys } from './log-keys.js';
import { verifyConsistency } from './proofs.js';
import { BadNote, type NoteSigner, signatureLine, textOf } from './signed-note.js';

/** What a witness answers: an HTTP status of the C2SP's tlog-witness, and the body. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 409 | 422;
  readonly body: string;
}

const REQUEST = /^old (0|[1-9]\d{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n([\s\S]+)$/;

/**
 * Remembers the last checkpoint that it saw of each log, and cosigns another one only with a proof that it goes on from there.
 * So no one who asks for its cosignature can be shown two histories. What it has seen is in a file that is only added to.
 */
export class Witness {
  private readonly seen = new Map<string, SignedCheckpoint>();
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly log: LogKeys,
    private readonly signer: NoteSigner,
    private readonly file: string,
  ) {}

  /** A witness that goes on where its file ends. */
  static async open(log: LogKeys, signer: NoteSigner, file: string): Promise<Witness> {
    const witness = new Witness(log, signer, file);
    for (const note of (await lastNotes(file)).values()) {
      const checkpoint = log.openCheckpoint(note);
      witness.seen.set(checkpoint.origin, checkpoint);
    }
    return witness;
  }

  /** One request after the other: `old <size>`, the proof's hashes, an empty line, the checkpoint. */
  addCheckpoint(request: string, now: Date): Promise<WitnessAnswer> {
    const answer = this.turn.then(() => this.answer(request, now));
    this.turn = answer.catch(() => {});
    return answer;
  }

  private async answer(request: string, now: Date): Promise<WitnessAnswer> {
    const [, old = '', proof = '', note = ''] = REQUEST.exec(request) ?? [];
    if (!note) return { status: 400, body: 'malformed request\n' };
    const checkpoint = this.opened(note);
    if (!checkpoint) return { status: 403, body: 'not signed by the log\n' };

    const last = this.seen.get(checkpoint.origin);
    const oldSize = Number(old);
    if (oldSize > checkpoint.size) return { status: 400, body: 'the old size is beyond the checkpoint\n' };
    if (oldSize !== (last?.size ?? 0)) return { status: 409, body: `${last?.size ?? 0}\n` };
    const path = proof
      .split('\n')
      .filter(Boolean)
      .map((hash) => Buffer.from(hash, 'base64'));
    const goesOn = verifyConsistency({
      fromSize: oldSize,
      fromRoot: last?.root ?? checkpoint.root,
      toSize: checkpoint.size,
      toRoot: checkpoint.root,
      path,
    });
    if (!goesOn) return { status: 422, body: 'the checkpoint does not go on from the last one\n' };

    await this.remember(checkpoint);
    const text = textOf(note);
    return { status: 200, body: signatureLine(text, this.signer, Math.floor(now.getTime() / 1000)) };
  }

  private async remember(checkpoint: SignedCheckpoint): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    const file = await open(this.file, 'a', 0o600);
    try {
      await file.appendFile(`${JSON.stringify({ note: checkpoint.note })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    this.seen.set(checkpoint.origin, checkpoint);
  }

  private opened(note: string): SignedCheckpoint | undefined {
    try {
      return this.log.openCheckpoint(note);
    } catch (error) {
      if (error instanceof BadNote) return undefined;
      throw error;
    }
  }
}

/** The newest note of each log in a witness's file, by the log's name: of the others nothing stays in memory, and no signature is checked. */
async function lastNotes(file: string): Promise<ReadonlyMap<string, string>> {
  const notes = new Map<string, string>();
  if (!existsSync(file)) return notes;
  for await (const line of linesOf(file)) {
    if (line === '') continue;
    const { note } = JSON.parse(line) as { note: string };
    notes.set(note.slice(0, note.indexOf('\n')), note);
  }
  return notes;
}
