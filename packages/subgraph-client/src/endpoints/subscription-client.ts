import { setTimeout as wait } from 'node:timers/promises';
import { SubscriptionOverflow } from '@platform/foundation/errors';
import { losslessReviver } from '@platform/foundation/json';
import { Channel } from '@platform/foundation/streams';
import { type Client, createClient } from 'graphql-ws';
import { type ConnectionOptions, webSocketClass } from './connections.js';
import type { HeaderSource, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';

/**
 * How the headers of a call travel where one socket is shared by many callers: in each subscribe message's `extensions.headers`. Where
 * requests are signed, these hold the signature of `extensions.signedBody`: the request once more, as the text that was signed.
 */
export interface StreamedRequest extends SubgraphRequest {
  readonly extensions: { readonly headers: Record<string, string>; readonly signedBody?: string };
}

interface SubscriptionClientOptions extends ConnectionOptions {
  /** A larger answer ends the connection; so much may wait for one reader. */
  readonly maxMessageBytes?: number;
  /** Time between two pings, and how long an answer to one may take, in ms. */
  readonly keepAlive?: number;
  /** How long a lost connection is tried again before its streams fail, in ms. */
  readonly patience?: number;
  /** Answers that may wait for one reader. */
  readonly capacity?: number;
}

const LONGEST_PAUSE = 5_000;

/**
 * Subscriptions to one subgraph, all on one socket (graphql-transport-ws) that is opened when it is first needed.
 * When it is lost, each running subscription is begun anew with fresh headers; what happened meanwhile is not told.
 */
export class SubscriptionClient {
  private readonly client: Client;
  private readonly patience: number;
  private readonly capacity: number;
  private readonly waiting: { readonly bytes: number; readonly weigh: (event: SubgraphResponse) => number };
  private readonly signer: ConnectionOptions['signer'];
  private readonly path: string;
  /** @throws NetworkRefused */
  private readonly admit: () => void;
  private open = false;
  /** How often the socket has been opened. */
  private connections = 0;

  /** @param url the subgraph's GraphQL endpoint, by its http or ws URL. */
  constructor(
    url: string,
    {
      keepAlive = 10_000,
      patience = 60_000,
      capacity = 1_000,
      maxMessageBytes = 64 * 1024 * 1024,
      ...connecting
    }: SubscriptionClientOptions = {},
  ) {
    this.signer = connecting.signer;
    const { pathname, hostname } = new URL(url);
    this.path = pathname;
    this.admit = () => connecting.networks?.check(hostname);
    this.patience = patience;
    this.capacity = capacity;
    this.waiting = { bytes: maxMessageBytes, weigh: weightOfEvent };
    let overdue: NodeJS.Timeout | undefined;
    this.client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: webSocketClass(connecting, maxMessageBytes),
      jsonMessageReviver: losslessReviver,
      lazyCloseTimeout: keepAlive,
      keepAlive,
      connectionAckWaitTimeout: keepAlive,
      retryAttempts: 0,
      onNonLazyError: () => {},
      on: {
        connected: () => {
          this.open = true;
          this.connections += 1;
        },
        ping: (received) => {
          if (!received) overdue = setTimeout(() => this.client.terminate(), keepAlive);
        },
        pong: (received) => {
          if (received) clearTimeout(overdue);
        },
        closed: () => {
          this.open = false;
          clearTimeout(overdue);
        },
      },
    });
  }

  subscribe(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): AsyncIterableIterator<SubgraphResponse, undefined> {
    const left = new AbortController();
    const onLeft = () => {
      signal?.removeEventListener('abort', leave);
      left.abort();
    };
    const channel = new Channel<SubgraphResponse>(this.capacity, onLeft, this.waiting);
    const leave = () => void channel.return();
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    if (request.timeoutMs !== undefined) this.failUnlessOpen(channel, request.timeoutMs);
    void this.keepSubscribed(channel, request, headers, left.signal);
    return channel;
  }

  private failUnlessOpen(channel: Channel<SubgraphResponse>, timeoutMs: number): void {
    const seen = this.connections;
    if (this.open) return;
    setTimeout(() => {
      if (!channel.closed && !this.open && this.connections === seen)
        channel.fail(new DOMException(`No connection within ${timeoutMs} ms`, 'TimeoutError'));
    }, timeoutMs).unref();
  }

  /** Also while a connection is being made, which then comes to nothing. */
  async stop(): Promise<void> {
    if (!this.open) this.client.terminate();
    await Promise.resolve(this.client.dispose()).catch(() => {});
  }

  /** Until the subgraph ends the stream, the reader leaves, or the subgraph stays away for too long. */
  private async keepSubscribed(
    channel: Channel<SubgraphResponse>,
    request: SubgraphRequest,
    headers: HeaderSource,
    signal: AbortSignal,
  ): Promise<void> {
    let lostAt: number | undefined;
    for (let attempt = 0; !channel.closed; attempt += 1) {
      const { open, connections } = this;
      try {
        this.admit();
        await this.subscribeOnce(channel, this.message(request, await headers()), signal);
        return channel.end();
      } catch (failure) {
        if (open || this.connections > connections) {
          attempt = 0;
          lostAt = performance.now();
        }
        const hopeless = lostAt === undefined || isRefusal(failure) || performance.now() - lostAt > this.patience;
        if (hopeless) return channel.fail(failure);
        await wait(pauseBefore(attempt), undefined, { signal }).catch(() => {});
      }
    }
  }

  private message(
    { query, variables, operationName }: SubgraphRequest,
    headers: Record<string, string>,
  ): StreamedRequest {
    const request = { query, variables, operationName };
    if (!this.signer) return { ...request, extensions: { headers } };
    const signedBody = JSON.stringify(request);
    const signature = this.signer.headersFor({ method: 'POST', path: this.path, headers, body: signedBody });
    return { ...request, extensions: { headers: { ...headers, ...signature }, signedBody } };
  }

  private subscribeOnce(
    channel: Channel<SubgraphResponse>,
    request: StreamedRequest,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve();
      const unsubscribe = this.client.subscribe<Record<string, unknown>>(request, {
        next: (response) => {
          if (!channel.push(response as SubgraphResponse) && !channel.closed) channel.fail(new SubscriptionOverflow());
        },
        error: (error) => {
          signal.removeEventListener('abort', unsubscribe);
          if (!Array.isArray(error)) return reject(socketFailure(error));
          channel.end({ errors: error.map(({ message, extensions }) => ({ message, extensions })) });
          resolve();
        },
        complete: () => {
          signal.removeEventListener('abort', unsubscribe);
          resolve();
        },
      });
      signal.addEventListener('abort', unsubscribe, { once: true });
    });
  }
}

const weights = new WeakMap<SubgraphResponse, number>();

/** The length of an event as JSON; asked only of those that wait. */
function weightOfEvent(event: SubgraphResponse): number {
  let weight = weights.get(event);
  if (weight === undefined) {
    weight = JSON.stringify(event).length;
    weights.set(event, weight);
  }
  return weight;
}

/** A socket to a subgraph came to its end, with the close code and reason that it was told. */
export class SocketClosed extends Error {
  override readonly name = 'SocketClosed';

  constructor(
    readonly code: number,
    reason: string,
  ) {
    super(`The WebSocket closed with ${code}${reason ? `: ${reason}` : ''}`);
  }
}

/** What the client tells as an event, as an error with its cause. */
function socketFailure(told: unknown): Error {
  const { error, code, reason } = (told ?? {}) as { error?: unknown; code?: unknown; reason?: unknown };
  if (told instanceof Error) return told;
  if (typeof code === 'number') return new SocketClosed(code, String(reason ?? ''));
  const { message = 'The WebSocket failed' } = (error ?? {}) as { message?: string };
  return new Error(message, { cause: error });
}

/** The subgraph does not want this connection: trying again would not help. */
const isRefusal = (failure: unknown): boolean =>
  failure instanceof SocketClosed && failure.code >= 4400 && failure.code < 4499 && failure.code !== 4408;

/** Doubling from 100 ms, at random, so that many routers do not come back at once. */
const pauseBefore = (attempt: number): number =>
  Math.min(100 * 2 ** attempt, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
