import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ReceivedStream, type StreamResult } from './received-stream.js';

/** What a client of some protocol is told to subscribe to; `url` is the GraphQL endpoint. */
export interface StreamRequest {
  readonly url: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly token?: string;
  /** Of the request; sent over a WebSocket alone. */
  readonly extensions?: Record<string, unknown>;
}

type Subscribe = (request: StreamRequest) => ReceivedStream;

const authorizationOf = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const sinkOf = (stream: ReceivedStream) => ({
  next: (result: unknown) => void stream.results.push(result as StreamResult),
  error: (failure: unknown) => {
    stream.outcome = { failure };
  },
  complete: () => {
    stream.outcome ??= { failure: undefined };
  },
});

const webSocket: Subscribe = ({ url, token, query, variables, extensions }) => {
  const client = createWsClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: authorizationOf(token),
    retryAttempts: 0,
  });
  const stream = new ReceivedStream();
  const unsubscribe = client.subscribe({ query, variables, extensions }, sinkOf(stream));
  stream.stop = () => {
    unsubscribe();
    void client.dispose();
  };
  return stream;
};

const serverSentEvents =
  (singleConnection: boolean): Subscribe =>
  ({ url, token, query, variables }) => {
    const client = createSseClient({
      url,
      headers: authorizationOf(token),
      singleConnection: singleConnection as false,
      retryAttempts: 0,
    });
    const stream = new ReceivedStream();
    const unsubscribe = client.subscribe({ query, variables }, sinkOf(stream));
    stream.stop = () => {
      unsubscribe();
      client.dispose();
    };
    return stream;
  };

/** Apollo Client hands errors on beside the data; what it was refused with is its failure. */
const multipart: Subscribe = ({ url, token, query, variables }) => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: authorizationOf(token) }),
    cache: new InMemoryCache(),
  });
  const stream = new ReceivedStream();
  const sink = sinkOf(stream);
  const subscription = client.subscribe({ query: gql(query), variables, fetchPolicy: 'no-cache' }).subscribe({
    ...sink,
    next: ({ data, error }) => sink.next({ data, errors: (error as { errors?: StreamResult['errors'] })?.errors }),
  });
  stream.stop = () => {
    subscription.unsubscribe();
    client.stop();
  };
  return stream;
};

/** The real client of each protocol. */
export const streamClients = {
  'graphql-ws': webSocket,
  'graphql-sse': serverSentEvents(false),
  'graphql-sse on a single connection': serverSentEvents(true),
  '@apollo/client over multipart': multipart,
} satisfies Record<string, Subscribe>;

export type StreamClientName = keyof typeof streamClients;
export const streamClientNames = Object.keys(streamClients) as StreamClientName[];
