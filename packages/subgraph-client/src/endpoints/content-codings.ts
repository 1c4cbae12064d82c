import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';

/** How an answer may be compressed (RFC 9110, 8.4.1). */
export const contentCodings = ['gzip', 'br', 'deflate', 'zstd'] as const;

export type ContentCoding = (typeof contentCodings)[number];

type Decompress = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, result: Buffer) => void,
) => void;

const decompressors: Readonly<Record<ContentCoding, Decompress>> = {
  gzip: gunzip,
  br: brotliDecompress,
  // Some servers send it without the zlib format's header.
  deflate: (bytes, options, done) => (hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options, done),
  zstd: zstdDecompress,
};

/** A body that is not what its codings say. The message goes on after `The answer`. */
export class UndecodableBody extends Error {
  override readonly name = 'UndecodableBody';
}

/** The codings of a message's body, in the order in which they were applied; from header fields, names and values in turns. */
export function codingsOf(rawHeaders: readonly Buffer[]): readonly string[] {
  let codings: string[] | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as Buffer;
    if (name.length !== CONTENT_ENCODING.length || name.toString('latin1').toLowerCase() !== CONTENT_ENCODING) continue;
    const value = (rawHeaders[index + 1] as Buffer).toString('latin1');
    codings = [...(codings ?? []), ...value.split(',').map((each) => each.trim().toLowerCase())];
  }
  return codings?.filter((coding) => coding !== '' && coding !== 'identity') ?? none;
}

/** The body as it was before the codings. @param limit what no step may come to, in bytes. @throws UndecodableBody */
export async function decoded(bytes: Buffer, codings: readonly string[], limit: number): Promise<Buffer> {
  if (codings.length > MOST_CODINGS) throw new UndecodableBody(`is encoded ${codings.length} times`);
  let body = bytes;
  for (const coding of codings.toReversed()) body = await decodedOnce(body, coding, limit);
  return body;
}

async function decodedOnce(bytes: Buffer, name: string, limit: number): Promise<Buffer> {
  const coding = name.startsWith('x-') ? name.slice(2) : name;
  if (!isKnown(coding)) throw new UndecodableBody('has an unknown content coding');
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      decompressors[coding](bytes, { maxOutputLength: limit }, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new UndecodableBody(tooLarge ? `is larger than ${limit} bytes` : `is not well-formed ${coding}`);
  }
}

const CONTENT_ENCODING = 'content-encoding';
const MOST_CODINGS = 4;
const none: readonly string[] = [];

const isKnown = (coding: string): coding is ContentCoding => (contentCodings as readonly string[]).includes(coding);

/** RFC 1950, 2.2: the method is 8, and the first two bytes are a multiple of 31. */
function hasZlibHeader([first = 0, second = 0]: Buffer): boolean {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
