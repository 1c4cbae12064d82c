import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** What a note's signature says besides the text: nothing (a log's own), or when a witness saw it. */
const KINDS = { ed25519: 1, cosignature: 4 } as const;
export type SignatureKind = keyof typeof KINDS;

/** Whose signature a note is looked through for. */
export interface NoteVerifier {
  readonly name: string;
  readonly kind: SignatureKind;
  readonly keyId: Buffer;
  readonly publicKey: KeyObject;
}

/** Who signs notes. */
export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** A note bears no good signature of whom it should, or is none. */
export class BadNote extends Error {
  override readonly name = 'BadNote';
}

const OKP_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function verifierOf(name: string, kind: SignatureKind, raw: Buffer): NoteVerifier {
  const typed = Buffer.concat([Buffer.from([KINDS[kind]]), raw]);
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), typed]), 'buffer').subarray(0, 4);
  const publicKey = createPublicKey({ key: Buffer.concat([OKP_PREFIX, raw]), format: 'der', type: 'spki' });
  return { name, kind, keyId, publicKey };
}

const rawKey = ({ publicKey }: NoteVerifier): Buffer =>
  publicKey.export({ format: 'der', type: 'spki' }).subarray(OKP_PREFIX.length);

/** A signer from the JWK of an Ed25519 private key, as JSON text. */
export function noteSigner(name: string, jwk: string, kind: SignatureKind = 'ed25519'): NoteSigner {
  const key = JSON.parse(jwk);
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return { ...verifierOf(name, kind, Buffer.from(key.x, 'base64url')), privateKey };
}

/** The public key as people hand it on: `<name>+<key id>+<key>`, the C2SP's verifier key. */
export const printedKey = (verifier: NoteVerifier): string => {
  const typed = Buffer.concat([Buffer.from([KINDS[verifier.kind]]), rawKey(verifier)]);
  return `${verifier.name}+${verifier.keyId.toString('hex')}+${typed.toString('base64')}`;
};

/** Reads a printed public key. @throws BadNote */
export function readPrintedKey(text: string): NoteVerifier {
  const [, name, id, encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  const kind = (Object.keys(KINDS) as SignatureKind[]).find((each) => KINDS[each] === typed[0]);
  if (!name || !kind || typed.length !== 33) throw new BadNote('This is no public key of the form name+id+key.');
  const verifier = verifierOf(name, kind, typed.subarray(1));
  if (verifier.keyId.toString('hex') !== id) throw new BadNote('The public key does not have the id that it names.');
  return verifier;
}

/** The C2SP's signed note: the text, which ends in a newline, and a line per signature. */
export const signNote = (text: string, signer: NoteSigner): string => `${text}\n${signatureLine(text, signer)}`;

/** A signature over a note's text, as the line that is added to the note. `time` is for cosignatures, in seconds. */
export function signatureLine(text: string, signer: NoteSigner, time = 0): string {
  const signature = sign(null, Buffer.from(signedText(text, signer.kind, time)), signer.privateKey);
  const parts = [signer.keyId, ...(signer.kind === 'cosignature' ? [timestamp(time)] : []), signature];
  return `\u2014 ${signer.name} ${Buffer.concat(parts).toString('base64')}\n`;
}

const signedText = (text: string, kind: SignatureKind, time: number): string =>
  kind === 'cosignature' ? `cosignature/v1\ntime ${time}\n${text}` : text;

function timestamp(time: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(time));
  return bytes;
}

/** The text of a note, whoever has signed it. @throws BadNote */
export function textOf(note: string): string {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) throw new BadNote('This is no signed note.');
  return note.slice(0, end + 1);
}

/** The text of a note that the verifier's signature holds for. @throws BadNote */
export function openNote(note: string, verifier: NoteVerifier): string {
  const text = textOf(note);
  for (const line of note.slice(text.length + 1).split('\n')) {
    const [, name, encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    if (name === verifier.name && isSignatureOf(verifier, text, Buffer.from(encoded, 'base64'))) return text;
  }
  throw new BadNote(`The note has no good signature of ${verifier.name}.`);
}

function isSignatureOf({ kind, keyId, publicKey }: NoteVerifier, text: string, bytes: Buffer): boolean {
  if (!bytes.subarray(0, 4).equals(keyId)) return false;
  const timed = kind === 'cosignature';
  if (bytes.length !== (timed ? 76 : 68)) return false;
  const time = timed ? Number(bytes.readBigUInt64BE(4)) : 0;
  return verify(null, Buffer.from(signedText(text, kind, time)), publicKey, bytes.subarray(timed ? 12 : 4));
}
