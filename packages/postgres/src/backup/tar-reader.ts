import { OperatorError } from '@platform/foundation/errors';
import { BLOCK, padding } from './tar-writer.js';

/** The file is no archive, or its end is missing. */
export class BrokenArchive extends OperatorError {
  constructor(what: string) {
    super(`The archive cannot be used: ${what}`);
  }
}

/** A file of an archive. Its body must be read before the next one is asked for. */
export interface TarEntry {
  readonly name: string;
  readonly size: number;
  readonly body: AsyncGenerator<Buffer>;
}

/** The files of an archive as TarWriter writes them. @throws BrokenArchive */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = new ByteReader(source);
  for (;;) {
    const block = await bytes.exactly(BLOCK);
    if (block.every((byte) => byte === 0)) return;
    const { name, size } = entryOf(block);
    yield { name, size, body: bytes.next(size) };
    await bytes.exactly(padding(size));
  }
}

function entryOf(block: Buffer): { name: string; size: number } {
  const text = (from: number, to: number) => block.toString('utf8', from, to).replace(/\0.*$/s, '');
  if (text(257, 262) !== 'ustar' || text(156, 157) !== '0') throw new BrokenArchive('it was not made by platformctl');
  const size = Number.parseInt(text(124, 136), 8);
  const prefix = text(345, 500);
  return { name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100), size };
}

/** Bytes in the portions that are asked for. */
class ByteReader {
  private readonly source: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.next(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *next(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      if (this.rest.length === 0) await this.fill();
      const part = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(part.length);
      missing -= part.length;
      yield part;
    }
  }

  private async fill(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw new BrokenArchive('it ends too early');
    this.rest = value;
  }
}
