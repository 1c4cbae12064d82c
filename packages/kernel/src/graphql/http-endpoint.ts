import { Pool } from 'undici';
import type { Part } from '../lifecycle/index.js';
import type { HeaderSource, SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';
import { SubscriptionClient } from './subscription-client.js';

/** What a subgraph answered is no GraphQL response. */
export class InvalidSubgraphResponse extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'InvalidSubgraphResponse';
  }
}

interface HttpEndpointOptions {
  /** Connections kept to the subgraph. */
  readonly connections?: number;
  /** Largest answer that is read, in bytes. */
  readonly maxResponseBytes?: number;
}

/** A subgraph behind HTTP, over a pool of kept-alive connections; its subscriptions share one WebSocket. */
export class HttpEndpoint implements SubgraphEndpoint, Part {
  readonly name: string;
  private readonly pool: Pool;
  private readonly subscriptions: SubscriptionClient;
  private readonly path: string;
  private readonly maxResponseBytes: number;

  constructor(url: string, { connections = 64, maxResponseBytes = 64 * 1024 * 1024 }: HttpEndpointOptions = {}) {
    const { origin, pathname, search } = new URL(url);
    this.name = `subgraph at ${origin}`;
    this.pool = new Pool(origin, { connections, pipelining: 1, keepAliveTimeout: 30_000, connect: { timeout: 3_000 } });
    this.subscriptions = new SubscriptionClient(url);
    this.path = pathname + search;
    this.maxResponseBytes = maxResponseBytes;
  }

  /** @throws InvalidSubgraphResponse, or the failure of the connection, or the signal's reason. */
  async execute(
    request: SubgraphRequest,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<SubgraphResponse> {
    const { statusCode, body } = await this.pool.request({
      method: 'POST',
      path: this.path,
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify(request),
      signal,
    });
    const text = await readBounded(body, this.maxResponseBytes);
    return parseResponse(text, statusCode);
  }

  async subscribe(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>> {
    return this.subscriptions.subscribe(request, headers, signal);
  }

  async stop(): Promise<void> {
    await this.subscriptions.stop();
    await this.pool.close();
  }
}

async function readBounded(body: AsyncIterable<Buffer> & { destroy(): void }, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) {
      body.destroy();
      throw new InvalidSubgraphResponse(`The answer is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseResponse(text: string, status: number): SubgraphResponse {
  let response: unknown;
  try {
    response = JSON.parse(text);
  } catch {
    throw new InvalidSubgraphResponse(`The answer (HTTP ${status}) is not JSON`);
  }
  if (typeof response !== 'object' || response === null || !('data' in response || 'errors' in response)) {
    throw new InvalidSubgraphResponse(`The answer (HTTP ${status}) is no GraphQL response`);
  }
  return response as SubgraphResponse;
}
