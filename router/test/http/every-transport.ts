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

export interface Received {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
  readonly extensions?: Record<string, unknown>;
}

type Headers = Readonly<Record<string, string>>;
type Ask = (url: string, request: SentRequest, headers?: Headers) => Promise<Received>;

const post =
  (accept: string, read: (text: string) => unknown, wrap: (request: SentRequest) => unknown = (one) => one): Ask =>
  async (url, request, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...headers },
      body: JSON.stringify(wrap(request)),
    });
    return read(await response.text()) as Received;
  };

const overWebSocket: Ask = async (url, { query = '', ...request }, headers = {}) => {
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
    return await new Promise<Received>((resolve, reject) =>
      client.subscribe(
        { query, ...request },
        {
          next: (result) => resolve(result as Received),
          error: (error) => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
          complete: () => {},
        },
      ),
    );
  } finally {
    await client.dispose();
  }
};

/** The first event of the stream; a refusal is no stream. */
const firstEvent = (text: string): unknown =>
  text.startsWith('{') ? JSON.parse(text) : JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? 'null');

/** Every way to send a query, each answering with the result alone. Batches have to be allowed. */
export const everyTransport = {
  HTTP: post('application/graphql-response+json', JSON.parse),
  'a batch': post(
    'application/graphql-response+json',
    (text) => [JSON.parse(text)].flat()[0],
    (request) => [request],
  ),
  'server-sent events': post('text/event-stream', firstEvent),
  multipart: post('multipart/mixed;subscriptionSpec=1.0, application/json', JSON.parse),
  WebSocket: overWebSocket,
} as const satisfies Record<string, Ask>;

export const transportNames = Object.keys(everyTransport) as (keyof typeof everyTransport)[];

/** The codes of a result's errors. */
export const codesOf = ({ errors = [] }: Received): unknown[] => errors.map(({ extensions }) => extensions?.code);
