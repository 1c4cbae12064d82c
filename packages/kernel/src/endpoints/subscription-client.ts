import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SubscriptionOverflow } from '../errors/index.js';
import { Channel } from '../streams/index.js';
import type { HeaderSource, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';

/** How the headers of a call travel where one socket is shared by many callers: in each subscribe message's `extensions.headers`. */
export interface StreamedRequest extends SubgraphRequest {
  readonly extensions: { readonly headers: Record<string, string> };
}

interface SubscriptionClientOptions {
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
  private open = false;
  /** How often the socket has been opened. */
  private connections = 0;

  /** @param url the subgraph's GraphQL endpoint, by its http or ws URL. */
  constructor(
    url: string,
    { keepAlive = 10_000, patience = 60_000, capacity = 1_000 }: SubscriptionClientOptions = {},
  ) {
    this.patience = patience;
    this.capacity = capacity;
    let overdue: NodeJS.Timeout | undefined;
    this.client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
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
    const channel = new Channel<SubgraphResponse>(this.capacity, () => {
      signal?.removeEventListener('abort', leave);
      left.abort();
    });
    const leave = () => void channel.return();
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    void this.keepSubscribed(channel, request, headers, left.signal);
    return channel;
  }

  async stop(): Promise<void> {
    await this.client.dispose();
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
        await this.subscribeOnce(channel, { ...request, extensions: { headers: await headers() } }, signal);
        return channel.end();
      } catch (failure) {
        if (open || this.connections > connections) {
          attempt = 0;
          lostAt = Date.now();
        }
        const hopeless = lostAt === undefined || isRefusal(failure) || Date.now() - lostAt > this.patience;
        if (hopeless) return channel.fail(failure);
        await wait(pauseBefore(attempt), undefined, { signal }).catch(() => {});
      }
    }
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
          if (!Array.isArray(error)) return reject(error);
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

/** The subgraph does not want this connection: trying again would not help. */
const isRefusal = (failure: unknown): boolean => {
  const code = (failure as { code?: unknown } | null)?.code;
  return typeof code === 'number' && code >= 4400 && code < 4499 && code !== 4408;
};

/** Doubling from 100 ms, at random, so that many routers do not come back at once. */
const pauseBefore = (attempt: number): number =>
  Math.min(100 * 2 ** attempt, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
