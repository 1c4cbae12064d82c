import { type ExactFields, parseJson } from '@platform/foundation/json';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { type OutboundStream, type StreamOptions, streamOver } from '@platform/foundation/outbound';
import { type Dispatcher, Pool } from 'undici';
import type { RequestSigner } from '../signatures/index.js';
import { type ConnectionOptions, poolConnector } from './connections.js';
import { type ContentCoding, codingsOf, decoded, UndecodableBody } from './content-codings.js';
import type { HeaderSource, SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';
import { SubscriptionClient } from './subscription-client.js';

/** What a subgraph answered is no GraphQL response. */
export class InvalidSubgraphResponse extends Error {
  /** @param status the HTTP status that it came with. */
  constructor(
    reason: string,
    readonly status: number,
  ) {
    super(reason);
    this.name = 'InvalidSubgraphResponse';
  }
}

interface HttpEndpointOptions extends ConnectionOptions {
  /** Connections kept to the subgraph. */
  readonly connections?: number;
  /** Largest answer that is read, in bytes. */
  readonly maxResponseBytes?: number | undefined;
  /** How answers are asked to be compressed, best first. Default: nothing is asked; what comes compressed is read all the same. */
  readonly acceptEncoding?: readonly ContentCoding[];
}

/** Transfers at a time that are passed on. */
const STREAMS = 256;

/** A subgraph behind HTTP, over a pool of kept-alive connections; its subscriptions share one WebSocket. */
export class HttpEndpoint implements SubgraphEndpoint, LifecycleComponent {
  readonly name: string;
  private readonly pool: Pool;
  private readonly subscriptions: SubscriptionClient;
  private readonly origin: string;
  private readonly openStreams: () => Pool;
  /** For what is passed on beside GraphQL, so that slow transfers hold up no operation. */
  private streams: Pool | undefined;
  private readonly path: string;
  private readonly signedPath: string;
  private readonly maxResponseBytes: number;
  private readonly signer: RequestSigner | undefined;
  private readonly wishes: Readonly<Record<string, string>>;

  constructor(
    url: string,
    {
      connections = 64,
      maxResponseBytes = 64 * 1024 * 1024,
      acceptEncoding = [],
      ...connecting
    }: HttpEndpointOptions = {},
  ) {
    const { origin, pathname, search } = new URL(url);
    this.name = `subgraph at ${origin}`;
    const kept = { pipelining: 1, keepAliveTimeout: 30_000, connect: poolConnector(connecting) };
    this.pool = new Pool(origin, { ...kept, connections });
    this.openStreams = () => new Pool(origin, { ...kept, connections: STREAMS });
    this.subscriptions = new SubscriptionClient(url, { ...connecting, maxMessageBytes: maxResponseBytes });
    this.origin = origin;
    this.path = pathname + search;
    this.signedPath = pathname;
    this.signer = connecting.signer;
    this.maxResponseBytes = maxResponseBytes;
    this.wishes = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(acceptEncoding.length > 0 && { 'accept-encoding': acceptEncoding.join(', ') }),
    };
  }

  /** @throws InvalidSubgraphResponse, or the failure of the connection, or the signal's reason. */
  execute(request: SubgraphRequest, headers: Record<string, string>, signal?: AbortSignal): Promise<SubgraphResponse> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const limit = request.maxResponseBytes ?? this.maxResponseBytes;
      const reading = new ResponseReader({ limit, exactFields: request.exactFields }, signal, resolve, reject);
      const body = request.body ?? JSON.stringify(request);
      this.pool.dispatch(
        {
          method: 'POST',
          path: this.path,
          headers: {
            ...headers,
            ...this.wishes,
            ...this.signer?.headersFor({ method: 'POST', path: this.signedPath, headers, body }),
          },
          body,
        },
        reading,
      );
    });
  }

  async subscribe(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>> {
    return this.subscriptions.subscribe(request, headers, signal);
  }

  /** Asks for something that the subgraph's process serves beside GraphQL, by the same kind of connection. @throws as `outboundStream`. */
  stream(path: string, options: StreamOptions): Promise<OutboundStream> {
    this.streams ??= this.openStreams();
    return streamOver(this.streams, this.origin, path, options);
  }

  async stop(): Promise<void> {
    await this.subscriptions.stop();
    await this.streams?.destroy();
    await this.pool.close();
  }
}

/** How an answer is read. */
interface Reading {
  /** In bytes. */
  readonly limit: number;
  readonly exactFields: ExactFields | undefined;
}

/** Reads one answer: undici's callbacks, without a stream in between. */
class ResponseReader implements Dispatcher.DispatchHandler {
  private status = 0;
  private rawHeaders: readonly Buffer[] = [];
  private size = 0;
  private readonly chunks: Buffer[] = [];
  private abort: ((reason?: Error) => void) | undefined;
  private readonly cancel = (): void => this.fail(this.signal?.reason);

  constructor(
    private readonly reading: Reading,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (response: SubgraphResponse) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    signal?.addEventListener('abort', this.cancel);
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.abort = abort;
    if (this.signal?.aborted) abort(this.signal.reason);
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    this.status = status;
    this.rawHeaders = rawHeaders;
    return true;
  }

  onData(chunk: Buffer): boolean {
    const { limit } = this.reading;
    this.size += chunk.length;
    if (this.size <= limit) this.chunks.push(chunk);
    else this.fail(new InvalidSubgraphResponse(`The answer is larger than ${limit} bytes`, this.status));
    return true;
  }

  onComplete(): void {
    this.settle();
    const [first] = this.chunks;
    const bytes = first && this.chunks.length === 1 ? first : Buffer.concat(this.chunks, this.size);
    const codings = codingsOf(this.rawHeaders);
    if (codings.length === 0) this.answer(bytes);
    else decoded(bytes, codings, this.reading.limit).then((body) => this.answer(body), this.undecodable);
  }

  private answer(bytes: Buffer): void {
    try {
      const response = parseResponse(bytes.toString('utf8'), this.status, this.reading.exactFields);
      this.resolve(Object.assign(response, { bytes: bytes.length, rawHeaders: this.rawHeaders }));
    } catch (error) {
      this.reject(error);
    }
  }

  private readonly undecodable = (error: unknown): void => {
    const known = error instanceof UndecodableBody;
    this.reject(known ? new InvalidSubgraphResponse(`The answer ${error.message}`, this.status) : error);
  };

  onError(error: Error): void {
    this.fail(error);
  }

  private fail(reason: unknown): void {
    this.settle();
    this.chunks.length = 0;
    this.reject(reason);
    const { abort } = this;
    this.abort = undefined;
    abort?.(reason instanceof Error ? reason : new Error('The answer is no longer wanted'));
  }

  private settle(): void {
    this.signal?.removeEventListener('abort', this.cancel);
  }
}

function parseResponse(text: string, status: number, exactFields: ExactFields | undefined): SubgraphResponse {
  let response: unknown;
  try {
    response = parseJson(text, exactFields);
  } catch {
    throw new InvalidSubgraphResponse(`The answer (HTTP ${status}) is not JSON`, status);
  }
  if (typeof response !== 'object' || response === null || !('data' in response || 'errors' in response)) {
    throw new InvalidSubgraphResponse(`The answer (HTTP ${status}) is no GraphQL response`, status);
  }
  return response as SubgraphResponse;
}
