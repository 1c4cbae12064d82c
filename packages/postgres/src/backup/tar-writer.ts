import type { Writable } from 'node:stream';

export const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const ALL_BLANK = 8 * 0x20;

/** Writes files one after the other as a POSIX archive (ustar), so that every `tar` can read it. */
export class TarWriter {
  constructor(private readonly out: Writable) {}

  /** @param size how many bytes the body has, to the byte. */
  async add(name: string, size: number, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await this.write(header(name, size));
    let written = 0;
    for await (const chunk of body) {
      written += chunk.length;
      await this.write(chunk);
    }
    if (written !== size) throw new Error(`${name} has ${written} bytes instead of ${size}`);
    await this.write(Buffer.alloc(padding(size)));
  }

  /** The end of the archive: two empty blocks. */
  async end(): Promise<void> {
    await this.write(Buffer.alloc(2 * BLOCK));
  }

  private async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await new Promise<void>((done, fail) => this.out.write(bytes, (error) => (error ? fail(error) : done())));
  }
}

/** Bytes between the end of a body and the next block. */
export const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

function header(path: string, size: number): Buffer {
  const { name, prefix } = split(path);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(0o600, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(Date.now() / 1_000), 12), 136);
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, ALL_BLANK);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const octal = (value: number, bytes: number): string => `${value.toString(8).padStart(bytes - 1, '0')}\0`;

function split(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(name) <= NAME_BYTES) return { name, prefix };
  }
  throw new Error(`${path} is too long a name for an archive`);
}
