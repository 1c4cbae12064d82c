import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStream } from './event-stream.js';

/** How long a reserved stream waits for its client, in ms. */
const RESERVED = 30_000;
/** How long operations may take to end when the router stops, in ms. */
const GOODBYE = 2_000;
/** Reserved streams that wait at a time. */
const MOST_RESERVED = 10_000;

/** The event streams of the single connection mode, by the unguessable token that they were reserved under. */
export class EventStreams {
  private readonly streams = new Map<string, EventStream>();
  private readonly reserved = new Map<string, NodeJS.Timeout>();

  /** The token of a new stream; undefined when too many wait to be opened. */
  reserve(): string | undefined {
    if (this.reserved.size >= MOST_RESERVED) return undefined;
    const token = randomUUID();
    const forget = () => {
      clearTimeout(this.reserved.get(token));
      this.reserved.delete(token);
      this.streams.delete(token);
    };
    const stream = new EventStream(forget);
    this.streams.set(token, stream);
    this.reserved.set(token, setTimeout(() => stream.close(), RESERVED).unref());
    return token;
  }

  find(token: string): EventStream | undefined {
    return this.streams.get(token);
  }

  /** The stream, for its one reader; undefined when it has been opened already. */
  open(token: string): EventStream | undefined {
    clearTimeout(this.reserved.get(token));
    if (!this.reserved.delete(token)) return undefined;
    return this.streams.get(token);
  }

  /** Ends every response once its operations have ended, or after two seconds. */
  async end(): Promise<void> {
    const deadline = Date.now() + GOODBYE;
    while (Date.now() < deadline && [...this.streams.values()].some(({ idle }) => !idle)) await wait(10);
    for (const stream of [...this.streams.values()]) stream.end();
  }
}
