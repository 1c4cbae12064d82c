import { EventEmitter, once } from 'node:events';
import { clientAddress } from '@platform/foundation/http';
import { eventually } from '@platform/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { WebSocket } from 'ws';
import { HeaderNames } from '../../src/headers/index.js';
import type { Answer, Result } from '../../src/operation.js';
import { registerGraphQL } from '../../src/transports/http/graphql-http.js';
import { OpenConnections } from '../../src/transports/open-connections.js';
import { EventStreams } from '../../src/transports/sse/event-streams.js';
import { registerGraphQLWebSocket } from '../../src/transports/websocket/graphql-websocket.js';

const OPERATIONS = 3;

/** The transports alone, in front of a pipeline and a sign-in of the test. */
class Transports {
  readonly failures: unknown[] = [];
  readonly signIns = new EventEmitter();
  readonly app: FastifyInstance = fastify();
  readonly connections = new OpenConnections({ perNetwork: 100, total: 100 });
  url = '';

  async start(pipeline: (query: string) => AsyncGenerator<Result>): Promise<void> {
    const run = async ({ request }: { request: { query?: string } }): Promise<Answer> =>
      ({ stream: pipeline(request.query ?? ''), incremental: false }) as unknown as Answer;
    const common = {
      pipeline: run as never,
      heartbeat: 10_000,
      onError: (error: unknown) => this.failures.push(error),
    };
    registerGraphQL(this.app, {
      ...common,
      eventStreams: new EventStreams(new OpenConnections({ perNetwork: 100, total: 100 }), 60_000, OPERATIONS),
      authenticate: async () => null,
      count: async () => [],
      refused: () => undefined,
      batching: { enabled: false, maxOperations: 1 },
    });
    registerGraphQLWebSocket(this.app, {
      ...common,
      authenticate: async ({ authorization }) => {
        if (authorization === undefined) return null;
        this.signIns.emit('begun');
        await once(this.signIns, 'go on');
        return authorization;
      },
      maxMessageBytes: 1_000_000,
      greetingTimeout: 10_000,
      clientIp: clientAddress({ trusted: [], hops: 0, header: 'x-forwarded-for' } as never),
      namesHeader: new HeaderNames([]),
      connections: this.connections,
      idle: 60_000,
      operations: OPERATIONS,
      origins: () => [],
    });
    this.url = `${await this.app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  }
}

describe('operations of one connection', () => {
  let transports: Transports;
  const sockets: WebSocket[] = [];
  beforeEach(() => {
    transports = new Transports();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    transports.app.server.closeAllConnections();
    await transports.app.close();
  });

  /** Runs until it is stopped; another query than `endless` fails at once. */
  async function* pipeline(query: string): AsyncGenerator<Result> {
    if (query !== 'endless') throw new Error('The results fail.');
    for (;;) {
      yield { data: {} };
      await once(transports.signIns, 'never');
    }
  }
  const connect = async (authorization?: string) => {
    const socket = new WebSocket(transports.url.replace('http', 'ws'), 'graphql-transport-ws');
    sockets.push(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    return socket;
  };
  const acknowledged = async () => {
    const socket = await connect();
    await once(socket, 'message');
    return socket;
  };
  const subscribe = (socket: WebSocket, id: string) =>
    socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query: 'endless' } }));
  const reserve = async () => (await fetch(transports.url, { method: 'PUT' })).text();
  const begin = async (token: string, operationId: string, query = 'endless') => {
    const response = await fetch(transports.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
      body: JSON.stringify({ query, extensions: { operationId } }),
    });
    return [response.status, await response.text()] as const;
  };

  it('are no more than may run at a time on a WebSocket', async () => {
    await transports.start(pipeline);
    const socket = await acknowledged();
    const messages: { type: string; id: string; payload: unknown }[] = [];
    socket.on('message', (message) => messages.push(JSON.parse(String(message))));
    for (let id = 0; id <= OPERATIONS; id += 1) subscribe(socket, String(id));
    await eventually(() => expect(messages).toHaveLength(OPERATIONS + 1));
    expect(messages.filter(({ type }) => type === 'error')).toEqual([
      {
        type: 'error',
        id: String(OPERATIONS),
        payload: [expect.objectContaining({ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: OPERATIONS } })],
      },
    ]);
  });

  it('are no more than may run at a time on an event stream', async () => {
    await transports.start(pipeline);
    const token = await reserve();
    for (let id = 0; id < OPERATIONS; id += 1) expect((await begin(token, String(id)))[0]).toBe(202);
    const [status, text] = await begin(token, 'more');
    expect(status).toBe(429);
    expect(text).toContain('TOO_MANY_SUBSCRIPTIONS');
  });

  it('have ids of a bounded length, and none twice', async () => {
    await transports.start(pipeline);
    const closed = async (...ids: string[]) => {
      const socket = await acknowledged();
      for (const id of ids) subscribe(socket, id);
      return (await once(socket, 'close'))[0];
    };
    const long = 'é'.repeat(200);
    expect(await closed(long, long)).toBe(4409);
    expect(await closed(`${long}x`)).toBe(4400);
    expect(transports.failures).toEqual([]);
    expect((await begin(await reserve(), `${long}x`))[0]).toBe(400);
  });

  it('end the event stream, and nothing else, when their results fail', async () => {
    await transports.start(pipeline);
    const token = await reserve();
    expect((await begin(token, '1', 'failing'))[0]).toBe(202);
    await eventually(() => expect(transports.failures).toEqual([new Error('The results fail.')]));
    expect((await begin(token, '2'))[0]).toBe(404);
    expect((await begin(await reserve(), '1'))[0]).toBe(202);
  });

  it('leave no place taken when the client goes while it signs in', async () => {
    await transports.start(pipeline);
    const begun = once(transports.signIns, 'begun');
    const socket = await connect('ada');
    await begun;
    expect(await connectionsOf(transports.app)).toBe(1);
    socket.terminate();
    await eventually(async () => expect(await connectionsOf(transports.app)).toBe(0));
    transports.signIns.emit('go on');
    await new Promise(setImmediate);
    for (let taken = 0; taken < 100; taken += 1) expect(transports.connections.ofUser('ada')).not.toBe('holder');
  });
});

const connectionsOf = (app: FastifyInstance) =>
  new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)));
