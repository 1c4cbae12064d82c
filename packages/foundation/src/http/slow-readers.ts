import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface SlowReadersOptions {
  /** How long a client may take no byte of what it is owed, in ms. */
  readonly writeTimeout: number;
  /** Bytes that one connection may be owed. */
  readonly perConnection: number;
  /** Bytes that all connections together may be owed. */
  readonly total: number;
  /** Hears of every connection that is ended, with its reason. */
  readonly onCut: (reason: Reason) => void;
}

/** `many`: it asks for more and more without waiting for an answer. */
type Reason = 'idle' | 'connection' | 'all' | 'many';

/** What one connection is owed, and since when it has taken nothing of it. */
interface Owed {
  bytes: number;
  queued: number;
  since: number;
  /** What is not answered yet; all but the first wait for their turn on the connection. */
  readonly unanswered: Set<ServerResponse>;
}

/** How often connections are looked at, in ms. */
const INTERVAL = 250;
/** Requests of a connection that may wait for their answers. */
const MOST_UNANSWERED = 20;

/** Ends connections whose clients do not read: everything that waits for them, answers, streams and messages of WebSockets alike, is memory. */
export class SlowReaders {
  private readonly owed = new Map<Socket, Owed>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: Server,
    private readonly options: SlowReadersOptions,
  ) {
    server.on('connection', (socket: Socket) => {
      this.owed.set(socket, { bytes: 0, queued: 0, since: performance.now(), unanswered: new Set() });
      socket.once('close', () => this.owed.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => this.count(socket, response));
    this.timer = setInterval(() => this.look(performance.now()), Math.min(INTERVAL, options.writeTimeout)).unref();
    server.once('close', () => clearInterval(this.timer));
  }

  private count(socket: Socket, response: ServerResponse): void {
    const unanswered = this.owed.get(socket)?.unanswered;
    if (!unanswered) return;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    if (unanswered.size > MOST_UNANSWERED) this.cut(socket, 'many');
  }

  private look(now: number): void {
    let total = 0;
    for (const [socket, owed] of this.owed) {
      const [bytes, queued] = [socket.writableLength + waiting(owed.unanswered), queuedIn(socket)];
      // Less than before: something was taken. More after nothing: it has just begun to be owed.
      if (bytes === 0 || bytes < owed.bytes || queued < owed.queued || owed.bytes === 0) owed.since = now;
      Object.assign(owed, { bytes, queued });
      if (bytes > this.options.perConnection) this.cut(socket, 'connection');
      else if (bytes > 0 && now - owed.since >= this.options.writeTimeout) this.cut(socket, 'idle');
      else total += bytes;
    }
    if (total > this.options.total) this.cutLargest(total - this.options.total);
  }

  /** Until so many bytes are free: who is owed most first. */
  private cutLargest(bytes: number): void {
    let left = bytes;
    const largest = [...this.owed].filter(([, owed]) => owed.bytes > 0).sort(([, a], [, b]) => b.bytes - a.bytes);
    for (const [socket, owed] of largest) {
      if (left <= 0) return;
      left -= owed.bytes;
      this.cut(socket, 'all');
    }
  }

  private cut(socket: Socket, reason: Reason): void {
    this.owed.delete(socket);
    socket.destroy();
    this.options.onCut(reason);
  }
}

/** Bytes of answers whose turn on the connection has not come: they are in no socket yet. */
function waiting(unanswered: Iterable<ServerResponse>): number {
  let bytes = 0;
  for (const response of unanswered) if (!response.socket) bytes += response.writableLength;
  return bytes;
}

/** Bytes of a write under way that the system has not taken yet: a long write is one to the socket, and goes in many parts. */
const queuedIn = (socket: Socket): number =>
  (socket as Socket & { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0;
