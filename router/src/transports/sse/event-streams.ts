import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { networkOf } from '@platform/kernel/http';
import { EventStream } from './event-stream.js';

/** How long a reserved stream waits for its client, in ms. */
const RESERVED = 30_000;
/** How long operations may take to end when the router stops, in ms. */
const GOODBYE = 2_000;
/** Reserved streams that wait at a time, of everybody and of one address (IPv6: its /64). */
const MOST_RESERVED = 10_000;
const MOST_OF_ADDRESS = 100;

/** A stream that waits for its client, and whose it is. */
interface Reservation {
  readonly network: string;
  readonly timer: NodeJS.Timeout;
}

/** The event streams of the single connection mode, by the unguessable token that they were reserved under. */
export class EventStreams {
  private readonly streams = new Map<string, EventStream>();
  private readonly reserved = new Map<string, Reservation>();
  private readonly waiting = new Map<string, number>();

  /** The token of a new stream; undefined when too many wait to be opened, of all or of this address. */
  reserve(clientIp = 'unknown'): string | undefined {
    const network = networkOf(clientIp);
    const waiting = this.waiting.get(network) ?? 0;
    if (this.reserved.size >= MOST_RESERVED || waiting >= MOST_OF_ADDRESS) return undefined;
    const token = randomUUID();
    const stream = new EventStream(() => {
      this.release(token);
      this.streams.delete(token);
    });
    this.streams.set(token, stream);
    this.reserved.set(token, { network, timer: setTimeout(() => stream.close(), RESERVED).unref() });
    this.waiting.set(network, waiting + 1);
    return token;
  }

  find(token: string): EventStream | undefined {
    return this.streams.get(token);
  }

  /** The stream, for its one reader; undefined when it has been opened already. */
  open(token: string): EventStream | undefined {
    return this.release(token) ? this.streams.get(token) : undefined;
  }

  /** False when the stream waits no more. */
  private release(token: string): boolean {
    const reservation = this.reserved.get(token);
    if (!reservation) return false;
    const { network, timer } = reservation;
    clearTimeout(timer);
    this.reserved.delete(token);
    const left = (this.waiting.get(network) ?? 0) - 1;
    if (left > 0) this.waiting.set(network, left);
    else this.waiting.delete(network);
    return true;
  }

  /** Ends every response once its operations have ended, or after two seconds. */
  async end(): Promise<void> {
    const deadline = Date.now() + GOODBYE;
    while (Date.now() < deadline && [...this.streams.values()].some(({ idle }) => !idle)) await wait(10);
    for (const stream of [...this.streams.values()]) stream.end();
  }
}
