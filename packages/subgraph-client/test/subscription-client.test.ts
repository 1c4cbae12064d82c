import type { AddressInfo } from 'node:net';
import { loadConfig, processSections } from '@platform/foundation/config';
import { SubscriptionOverflow } from '@platform/foundation/errors';
import { acceptWebSockets, serveGraphQLSockets, type WebSockets } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Channel } from '@platform/foundation/streams';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import { SubscriptionClient } from '@platform/subgraph-client/endpoints';
import { eventually } from '@platform/testkit';
import { fastify } from 'fastify';
import { parse } from 'graphql';

/** A subgraph that streams what the test tells it to. */
class StreamingSubgraph {
  readonly streams = new Map<Channel<{ data: Record<string, unknown> }>, unknown>();
  private app = fastify();
  private sockets!: WebSockets;
  port = 0;

  async start(): Promise<void> {
    this.app = fastify();
    this.sockets = acceptWebSockets(this.app, { path: '/graphql', maxMessageBytes: 10_000 });
    serveGraphQLSockets(this.sockets.server, {
      protocol: {
        onSubscribe: (_context, _id, payload) => ({
          schema: undefined as never,
          document: parse('subscription { any }'),
          contextValue: payload,
        }),
        subscribe: ({ contextValue }) => {
          const stream = new Channel<{ data: Record<string, unknown> }>(10, () => this.streams.delete(stream));
          this.streams.set(stream, contextValue);
          return stream as never;
        },
        onNext: (_context, _id, _payload, _arguments, result) => result,
      },
      keepAlive: 1_000,
      onError: () => {},
    });
    await this.app.listen({ port: this.port, host: '127.0.0.1' });
    this.port = (this.app.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.sockets.server.clients.size;
  }

  /** Cuts every connection and does not listen any more. */
  async die(): Promise<void> {
    for (const socket of this.sockets.server.clients) socket.terminate();
    await this.app.close();
  }

  tell(value: number): void {
    for (const stream of this.streams.keys()) stream.push({ data: { value } });
  }
}

describe('SubscriptionClient', () => {
  let subgraph: StreamingSubgraph;
  let client: SubscriptionClient;

  beforeEach(async () => {
    subgraph = new StreamingSubgraph();
    await subgraph.start();
    client = new SubscriptionClient(`http://127.0.0.1:${subgraph.port}/graphql`, { keepAlive: 200, patience: 1_000 });
  });
  afterEach(async () => {
    await client.stop();
    await subgraph.die().catch(() => {});
  });

  let tokens = 0;
  const headers = async () => {
    tokens += 1;
    return { 'x-caller-token': `token-${tokens}` };
  };
  const subscribe = () => client.subscribe({ query: 'subscription { value }' }, headers);

  it('carries many subscriptions on one socket, each with its own headers, and closes it when none is left', async () => {
    const streams = [subscribe(), subscribe(), subscribe()];
    await eventually(() => expect(subgraph.streams.size).toBe(3));
    expect(subgraph.connections).toBe(1);
    const sent = [...subgraph.streams.values()] as { extensions: { headers: Record<string, string> } }[];
    expect(new Set(sent.map(({ extensions }) => extensions.headers['x-caller-token'])).size).toBe(3);

    subgraph.tell(1);
    for (const stream of streams) expect((await stream.next()).value).toEqual({ data: { value: 1 } });
    await Promise.all(streams.map((stream) => stream.return?.()));
    await eventually(() => expect([subgraph.streams.size, subgraph.connections]).toEqual([0, 0]));
  });

  it('begins running subscriptions anew, with fresh headers, when the connection was lost', async () => {
    const stream = subscribe();
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    const used = tokens;
    await subgraph.die();
    await eventually(() => expect(subgraph.streams.size).toBe(0));
    await subgraph.start();
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    expect(tokens).toBeGreaterThan(used);
    subgraph.tell(2);
    expect((await stream.next()).value).toEqual({ data: { value: 2 } });
  });

  it('fails at once when the subgraph was never there, and after its patience when it stays away', async () => {
    const running = subscribe();
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    await subgraph.die();
    await expect(running.next()).rejects.toBeDefined();
    await expect(subscribe().next()).rejects.toBeDefined();
  });

  it('bounds what waits for a reader by its size', async () => {
    await client.stop();
    client = new SubscriptionClient(`http://127.0.0.1:${subgraph.port}/graphql`, { maxMessageBytes: 10_000 });
    const stream = subscribe();
    const event = { data: { value: 'x'.repeat(3_000) } };
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    for (let told = 0; told < 5; told += 1) for (const each of subgraph.streams.keys()) each.push(event);
    await eventually(() => expect(subgraph.streams.size).toBe(0));
    await expect(stream.next()).rejects.toBeInstanceOf(SubscriptionOverflow);
  });

  it.each([
    ['one place', false],
    ['instances', true],
  ])('reads no event that is larger than an answer may be, from %s', async (_what, listed) => {
    const url = `http://127.0.0.1:${subgraph.port}`;
    const { discovery } = loadConfig(processSections, { environment: 'test', env: {} });
    const endpoint = connectSubgraph('subgraph', `${url}/graphql`, {
      config: { ...discovery, instances: listed ? { subgraph: { urls: [url] } } : {} },
      logger: createLogger({ level: 'silent', format: 'json' }),
      maxResponseBytes: 5_000,
    });
    const stream = await endpoint.subscribe({ query: 'subscription { value }' }, headers);
    const first = stream.next();
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    const [before] = subgraph.streams.keys();
    before?.push({ data: { value: 'x'.repeat(6_000) } });
    await eventually(() => {
      const [now] = subgraph.streams.keys();
      expect(now).toBeDefined();
      expect(now).not.toBe(before);
    });
    subgraph.tell(7);
    expect((await first).value).toEqual({ data: { value: 7 } });
    await stream.return?.();
    await endpoint.stop();
  });

  it('passes the subgraph’s end on', async () => {
    const stream = subscribe();
    await eventually(() => expect(subgraph.streams.size).toBe(1));
    for (const open of subgraph.streams.keys()) open.end();
    expect(await stream.next()).toMatchObject({ done: true });
  });
});
