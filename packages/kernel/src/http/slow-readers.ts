import type { Server } from 'node:http';
import type { Socket } from 'node:net';

interface SlowReadersOptions {
  /** How long a client may take no byte of what it is owed, in ms. */
  readonly writeTimeout: number;
  /** Bytes that one connection may be owed. */
  readonly perConnection: number;
  /** Bytes that all connections together may be owed. */
  readonly inAll: number;
  /** Hears of every connection that is ended, with its reason. */
  readonly onCut: (reason: 'idle' | 'connection' | 'all') => void;
}

/** What one connection is owed, and since when it has taken nothing of it. */
interface Owed {
  bytes: number;
  queued: number;
  since: number;
}

/** How often connections are looked at, in ms. */
const INTERVAL = 250;

/** Ends connections whose clients do not read: everything that waits for them, answers, streams and messages of WebSockets alike, is memory. */
export class SlowReaders {
  private readonly owed = new Map<Socket, Owed>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: Server,
    private readonly options: SlowReadersOptions,
  ) {
    server.on('connection', (socket: Socket) => {
      this.owed.set(socket, { bytes: 0, queued: 0, since: performance.now() });
      socket.once('close', () => this.owed.delete(socket));
    });
    this.timer = setInterval(() => this.look(performance.now()), Math.min(INTERVAL, options.writeTimeout)).unref();
    server.once('close', () => clearInterval(this.timer));
  }

  private look(now: number): void {
    let inAll = 0;
    for (const [socket, owed] of this.owed) {
      const [bytes, queued] = [socket.writableLength, queuedIn(socket)];
      // Less than before: something was taken. More after nothing: it has just begun to be owed.
      if (bytes === 0 || bytes < owed.bytes || queued < owed.queued || owed.bytes === 0) owed.since = now;
      Object.assign(owed, { bytes, queued });
      if (bytes > this.options.perConnection) this.cut(socket, 'connection');
      else if (bytes > 0 && now - owed.since >= this.options.writeTimeout) this.cut(socket, 'idle');
      else inAll += bytes;
    }
    if (inAll > this.options.inAll) this.cutLargest(inAll - this.options.inAll);
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

  private cut(socket: Socket, reason: 'idle' | 'connection' | 'all'): void {
    this.owed.delete(socket);
    socket.destroy();
    this.options.onCut(reason);
  }
}

/** Bytes of a write under way that the system has not taken yet: a long write is one to the socket, and goes in many parts. */
const queuedIn = (socket: Socket): number =>
  (socket as Socket & { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0;
