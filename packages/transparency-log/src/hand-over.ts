import {
  BadNote,
  type NoteSigner,
  type NoteVerifier,
  openNote,
  printedKey,
  readPrintedKey,
  signatureLine,
  signNote,
} from './signed-note.js';

/** That one key follows another in signing a log's checkpoints. */
export interface HandOver {
  /** Which log it is of. */
  readonly origin: string;
  readonly from: NoteVerifier;
  readonly to: NoteVerifier;
  /** The earlier key signs nothing later. */
  readonly until: Date;
}

const SUBJECT = 'hand-over';

/** The statement as a note that both keys have signed: whoever trusts one of them knows the other by it. */
export function signHandOver(origin: string, until: Date, from: NoteSigner, to: NoteSigner): string {
  const text = `${[origin, SUBJECT, printedKey(from), printedKey(to), until.toISOString()].join('\n')}\n`;
  return signNote(text, from) + signatureLine(text, to);
}

/** Reads a statement that both keys have signed. @throws BadNote */
export function openHandOver(note: string): HandOver {
  const [origin, subject, from = '', to = '', time = ''] = note.split('\n');
  const handOver = {
    origin: origin as string,
    from: readPrintedKey(from),
    to: readPrintedKey(to),
    until: new Date(time),
  };
  if (subject !== SUBJECT || Number.isNaN(handOver.until.getTime()))
    throw new BadNote('The note is no hand-over of keys.');
  openNote(note, handOver.from);
  openNote(note, handOver.to);
  return handOver;
}
