import {
  type AnnouncedHandOver,
  BadNote,
  LogKeys,
  type NoteVerifier,
  type SignedCheckpoint,
  verifyInclusion,
} from '@platform/transparency-log';
import canonicalize from 'canonicalize';
import { type PersonalData, type SealedPart, split, unsealed, WITHOUT } from '../entities/index.js';
import { KEY_ANNOUNCED } from '../services/index.js';
import {
  CheckpointWindow,
  checkpointsAt,
  type LogEntry,
  LogVerifier,
  recomputedHash,
  unannounced,
  type Verdict,
} from '../verification/index.js';
import type { ReadableEntry } from './readable-entry.js';

type EntryLine =
  | (ReadableEntry & { readonly proof?: readonly string[] })
  | { readonly sequence: string; readonly leafHash: string };

type Line =
  | EntryLine
  | { readonly checkpoint: string | null; readonly complete?: boolean }
  | { readonly handOver: string; readonly sequence: string };

/**
 * Verifies a JSON Lines export with nothing but a public key of the log, or several. `read` gives its lines from the beginning, each time it is called.
 * Of a selection every entry is held against its proof; what a selection leaves out cannot be seen.
 */
export async function verifyExport(
  read: () => AsyncIterable<string>,
  trusted: readonly [NoteVerifier, ...NoteVerifier[]],
): Promise<Verdict> {
  const { first, handOvers } = await headOf(read);
  if (!first) return nothingSigned('there is no checkpoint');
  const keys = LogKeys.of(trusted, handOvers);
  const head = opened(first.note, keys);
  if (!head) return nothingSigned('the checkpoint is forged');
  const notes = first.complete ? [() => newestOf(first), () => othersOf(read)] : [];
  const places = notes.map((read) => ({ place: 'the export', read }));
  const onMistake = (message: string) => log.found(null, message);
  const log: LogVerifier = new LogVerifier(
    new CheckpointWindow(await checkpointsAt(places, { origin: head.origin, keys, onMistake })),
  );
  const announced = new Map(handOvers.map(({ sequence, note }) => [sequence, note]));
  for await (const text of read()) {
    const line = parsed(text);
    if (!line) log.found(log.next, `the line after entry ${log.next - 1} is no JSON`);
    else if ('checkpoint' in line || 'handOver' in line) continue;
    else if (first.complete) await inOrder(log, line, announced);
    else byItsProof(log, line, head);
  }
  const verdict = await log.end();
  return first.complete ? verdict : { ...verdict, covered: head.size, checkpoints: 1 };
}

const nothingSigned = (message: string): Verdict => ({
  entries: 0,
  covered: 0,
  checkpoints: 0,
  findings: [{ sequence: null, message }],
});

async function inOrder(log: LogVerifier, line: EntryLine, announced: ReadonlyMap<number, string>): Promise<void> {
  const sequence = Number(line.sequence);
  await log.load(Math.max(sequence || 0, log.next) + 1);
  if (!('id' in line)) {
    log.archived(Buffer.from(line.leafHash, 'hex'), {});
    return;
  }
  if (sequence > log.next) log.missing(sequence, () => undefined);
  const note = announced.get(sequence);
  if (note !== undefined && !announces(line, note)) log.found(sequence, unannounced(sequence));
  holdPersonalData(log, line);
  log.entry(committed(line));
}

function byItsProof(log: LogVerifier, line: EntryLine, head: SignedCheckpoint): void {
  if (!('id' in line)) return;
  const { proof = [], sequence } = line;
  const index = Number(sequence);
  const leaf = recomputedHash(committed(line));
  const path = proof.map((hash) => Buffer.from(hash, 'hex'));
  log.count();
  if (!verifyInclusion({ index, size: head.size, leaf, path, root: head.root })) {
    log.found(index, `entry ${index} (${line.id}) is not the one that was signed`);
  } else {
    holdPersonalData(log, line);
  }
}

/** The entry as its hash covers it: with ciphertext in place of what it stands for. */
function committed({ keys, erased, sealed = null, ...entry }: ReadableEntry): LogEntry {
  const members = sealed?.details?.members ?? [];
  return {
    ...entry,
    ...(members.length > 0 && { metadata: split(entry.metadata, members).outside }),
    ...(sealed?.all && WITHOUT.all),
    ...(sealed?.origin && WITHOUT.origin),
    ...(sealed?.metadata && WITHOUT.metadata),
    sealed,
  };
}

/** What is shown in the clear must be what the ciphertext says. */
function holdPersonalData(log: LogVerifier, { id, sequence, sealed, keys, ...shown }: ReadableEntry): void {
  for (const part of Object.keys(sealed ?? {}) as SealedPart[]) {
    const key = keys?.[part];
    const value = key ? unsealed(Buffer.from(key, 'hex'), part, sealed?.[part]?.text ?? '') : WITHOUT[part];
    if (canonicalize(saidIn(part, shown, sealed?.[part]?.members)) !== canonicalize(value)) {
      log.found(Number(sequence), `entry ${sequence} (${id}) shows other personal data than was recorded`);
    }
  }
}

/** What an entry shows of what is sealed in the part. */
function saidIn(part: SealedPart, shown: PersonalData, members: readonly string[] = []): Partial<PersonalData> {
  if (part !== 'details') return Object.fromEntries(NAMES[part].map((name) => [name, shown[name]]));
  const { inside } = split(shown.metadata, members);
  return Object.keys(inside).length > 0 ? { metadata: inside } : WITHOUT.details;
}

const NAMES = {
  origin: ['ipAddress', 'userAgent'],
  metadata: ['metadata'],
  all: ['ipAddress', 'userAgent', 'metadata'],
} as const satisfies { readonly [Part in Exclude<SealedPart, 'details'>]: readonly (keyof PersonalData)[] };

interface Note {
  readonly note: string;
  readonly complete: boolean;
}

const announces = ({ action, metadata }: ReadableEntry, note: string): boolean =>
  action === KEY_ANNOUNCED && (metadata as { note?: unknown } | null)?.note === note;

/** The lines before the entries: the newest checkpoint, and how its key followed others. */
async function headOf(
  read: () => AsyncIterable<string>,
): Promise<{ first: Note | undefined; handOvers: AnnouncedHandOver[] }> {
  let first: Note | undefined;
  const handOvers: AnnouncedHandOver[] = [];
  for await (const text of read()) {
    const line = parsed(text);
    if (line && 'handOver' in line) handOvers.push({ note: line.handOver, sequence: Number(line.sequence) });
    else if (first) break;
    else if (line && 'checkpoint' in line && line.checkpoint)
      first = { note: line.checkpoint, complete: line.complete ?? false };
    else break;
  }
  return { first, handOvers };
}

async function* newestOf(first: Note): AsyncGenerator<{ note: string }> {
  yield first;
}

/** The checkpoints between the entries: all but the first, which is the newest. */
async function* othersOf(read: () => AsyncIterable<string>): AsyncGenerator<{ note: string }> {
  let isFirst = true;
  for await (const text of read()) {
    if (!text.startsWith('{"checkpoint":')) continue;
    const line = parsed(text);
    if (!line || !('checkpoint' in line) || !line.checkpoint) continue;
    if (!isFirst) yield { note: line.checkpoint };
    isFirst = false;
  }
}

function opened(note: string, keys: LogKeys): SignedCheckpoint | undefined {
  try {
    return keys.openCheckpoint(note);
  } catch (error) {
    if (error instanceof BadNote) return undefined;
    throw error;
  }
}

function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
