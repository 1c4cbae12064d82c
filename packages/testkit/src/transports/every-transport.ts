import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What a client sends, as JSON. */
export interface SentRequest {
  readonly query?: string;
  readonly documentId?: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

/** A GraphQL result, as it came. */
export interface Received {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

/** A result with what its transport says beside it: a WebSocket has neither a status nor headers. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Headers;
  readonly result: Received;
}

type SentHeaders = Readonly<Record<string, string>>;
type Send = (url: string, request: SentRequest, headers?: SentHeaders) => Promise<Reply>;

const GRAPHQL = 'application/graphql-response+json';

const replyOf = async (response: Response, read: (text: string) => unknown): Promise<Reply> => ({
  status: response.status,
  headers: response.headers,
  result: read(await response.text()) as Received,
});

const post =
  (accept: string, read: (text: string) => unknown, wrap: (request: SentRequest) => unknown = (one) => one): Send =>
  async (url, request, headers = {}) => {
    const sent = { 'content-type': 'application/json', accept, ...headers };
    return replyOf(await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(wrap(request)) }), read);
  };

const get: Send = async (url, request, headers = {}) => {
  const parameters = Object.entries(request).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, {
    headers: { accept: GRAPHQL, ...headers },
  });
  return replyOf(response, JSON.parse);
};

const overWebSocket: Send = async (url, { query = '', ...request }, headers = {}) => {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers: { ...headers } });
      }
    },
    retryAttempts: 0,
    connectionParams: { authorization: headers.authorization },
  });
  try {
    const result = await new Promise<Received>((resolve, reject) =>
      client.subscribe(
        { query, ...request },
        {
          next: (result) => resolve(result as Received),
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => {},
        },
      ),
    );
    return { result };
  } finally {
    await client.dispose();
  }
};

/** The first event of the stream; a refusal is no stream. */
const firstEvent = (text: string): unknown =>
  text.startsWith('{') ? JSON.parse(text) : JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? 'null');

/** Every way to send an operation; GET carries queries alone. Batches have to be allowed. */
export const transports = {
  POST: post(GRAPHQL, JSON.parse),
  GET: get,
  'a batch': post(
    GRAPHQL,
    (text) => [JSON.parse(text)].flat()[0],
    (request) => [request],
  ),
  'server-sent events': post('text/event-stream', firstEvent),
  multipart: post('multipart/mixed;subscriptionSpec=1.0, application/json', JSON.parse),
  WebSocket: overWebSocket,
} as const satisfies Record<string, Send>;

export type TransportName = keyof typeof transports;

/** Those that carry mutations, too. */
export const transportNames = Object.keys(transports).filter((name) => name !== 'GET') as TransportName[];

/** Sends over the transport, and answers with the result alone. */
export const askOver =
  (transport: TransportName) =>
  async (url: string, request: SentRequest, headers?: SentHeaders): Promise<Received> =>
    (await transports[transport](url, request, headers)).result;

/** The codes of a result's errors. */
export const codesOf = ({ errors = [] }: Received): unknown[] => errors.map(({ extensions }) => extensions?.code);
