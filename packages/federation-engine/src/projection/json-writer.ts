import { LosslessNumber } from '@platform/foundation/json';

const initialBytes = 256 * 1024;
/** A buffer that has grown beyond this is not kept for the next answer. */
const mostKeptBytes = 4 * 1024 * 1024;
const longestLoop = 256;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Writes JSON as bytes into one buffer that is used again and again: an answer is written in one go, and then copied out.
 * Nothing is allocated for a field.
 */
export class JsonWriter {
  /** Where the next byte goes. Setting it back takes back what was written since. */
  position = 0;
  private bytes = Buffer.allocUnsafeSlow(initialBytes);

  /** Starts anew, whatever became of what was written before. */
  begin(): void {
    this.position = 0;
  }

  /** Bytes that are JSON already. */
  raw(json: Uint8Array): void {
    const { length } = json;
    this.reserve(length);
    const { bytes } = this;
    let at = this.position;
    for (let index = 0; index < length; index++) bytes[at++] = json[index] as number;
    this.position = at;
  }

  /** Any scalar, as JSON.stringify writes it; what that leaves out is null. */
  leaf(value: unknown): void {
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') this.boolean(value);
    else if (value instanceof LosslessNumber) this.ascii(value.text);
    else this.text(JSON.stringify(value) ?? 'null');
  }

  string(value: string): void {
    if (value.length > longestLoop || !this.plain(value)) this.text(JSON.stringify(value));
  }

  number(value: number): void {
    this.ascii(Number.isFinite(value) ? String(value) : 'null');
  }

  boolean(value: boolean): void {
    this.ascii(value ? 'true' : 'false');
  }

  /** Text that is JSON already. */
  text(json: string): void {
    this.reserve(json.length * 3);
    this.position += this.bytes.write(json, this.position, 'utf8');
  }

  /** Writes again what stands between two positions. */
  again(start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.copyWithin(this.position, start, end);
    this.position += end - start;
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.position++] = code;
  }

  /** What has been written, as bytes of its own; the writer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.position);
    this.bytes.copy(taken, 0, 0, this.position);
    this.position = 0;
    if (this.bytes.length > mostKeptBytes) this.bytes = Buffer.allocUnsafeSlow(initialBytes);
    return taken;
  }

  /** Writes what needs no escaping and is one byte per character; false, and nothing written, when it is not. */
  private plain(value: string): boolean {
    const { length } = value;
    this.reserve(length + 2);
    const { bytes } = this;
    let at = this.position;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.position = at;
    return true;
  }

  private ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.position;
    for (let index = 0; index < length; index++) bytes[at++] = text.charCodeAt(index);
    this.position = at;
  }

  private reserve(length: number): void {
    if (this.position + length > this.bytes.length) this.grow(this.position + length);
  }

  private grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }
}
