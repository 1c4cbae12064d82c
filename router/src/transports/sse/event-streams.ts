import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { OpenConnections } from '../open-connections.js';
import { EventStream } from './event-stream.js';

/** How long a reserved stream waits for its client, in ms. */
const RESERVED = 30_000;
/** How long operations may take to end when the router stops, in ms. */
const GOODBYE = 2_000;
/** The event streams of the single connection mode, by the unguessable token that they were reserved under. */
export class EventStreams {
  private readonly streams = new Map<string, EventStream>();
  /** Those that wait for their clients. */
  private readonly reserved = new Map<string, NodeJS.Timeout>();

  /** @param idle how long an open one may be without an operation, in ms. @param operations how many may run on one at a time. */
  constructor(
    private readonly connections: OpenConnections,
    private readonly idle: number,
    readonly operations: number,
  ) {}

  /** The token of a new stream for a user, or for an anonymous client of an address; undefined when they hold too many, or all together do. */
  reserve(subject: string | null, clientIp: string | undefined): string | undefined {
    const place = subject === null ? this.connections.ofNetwork(clientIp) : this.connections.ofUser(subject);
    if (typeof place === 'string') return undefined;
    const token = randomUUID();
    const stream = new EventStream(this.idle, this.operations, () => {
      this.release(token);
      this.streams.delete(token);
      place.leave();
    });
    this.streams.set(token, stream);
    this.reserved.set(token, setTimeout(() => stream.close(), RESERVED).unref());
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
    clearTimeout(this.reserved.get(token));
    return this.reserved.delete(token);
  }

  /** Ends every response once its operations have ended, or after two seconds. */
  async end(): Promise<void> {
    const deadline = performance.now() + GOODBYE;
    while (performance.now() < deadline && [...this.streams.values()].some(({ idle }) => !idle)) await wait(10);
    for (const stream of [...this.streams.values()]) stream.end();
  }
}
