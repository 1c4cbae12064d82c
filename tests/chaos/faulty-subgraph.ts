import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a subgraph does with its requests. */
export type Mood = 'answers' | 'fails half' | 'stalls' | 'is dead';

/** A subgraph with one field, whose server can be made to fail in the usual ways. */
export class FaultySubgraph {
  mood: Mood = 'answers';
  /** The headers that it was called with, newest last. */
  readonly headers: Record<string, string | string[] | undefined>[] = [];
  /** Requests that their caller has given up. */
  abandoned = 0;
  private requests = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly field: string) {
    this.server = createServer((request, response) => {
      this.headers.push(request.headers);
      response.on('close', () => {
        if (!response.writableFinished) this.abandoned += 1;
      });
      request.resume().on('end', () => this.answer(response));
    });
    this.server.on('connection', (socket) => {
      if (this.mood === 'is dead') return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/graphql`;
  }

  become(mood: Mood): void {
    this.mood = mood;
    if (mood === 'is dead') for (const socket of this.sockets) socket.destroy();
  }

  /** How often it was asked since the last time. */
  counted(): number {
    const { requests } = this;
    this.requests = 0;
    return requests;
  }

  stop(): void {
    this.become('is dead');
    this.server.close();
  }

  private answer(response: ServerResponse): void {
    this.requests += 1;
    if (this.mood === 'stalls') return;
    const fails = this.mood === 'fails half' && this.requests % 2 === 0;
    response.writeHead(fails ? 503 : 200, { 'content-type': fails ? 'text/plain' : 'application/json' });
    response.end(fails ? 'unavailable' : JSON.stringify({ data: { [this.field]: 'well' } }));
  }
}
