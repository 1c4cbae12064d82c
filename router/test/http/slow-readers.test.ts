import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { HttpMetrics } from '@platform/foundation/http';
import { eventually } from '@platform/testkit';
import { RouterHarness } from './router-harness.js';

const SUBSCRIPTION = JSON.stringify({ query: 'subscription { open { id title } }' });
const TITLE = 'x'.repeat(2_000_000);

const head = (accept: string) =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: ${accept}\r\ncontent-type: application/json\r\ncontent-length: ${SUBSCRIPTION.length}\r\n\r\n${SUBSCRIPTION}`;

/** A text as a client's WebSocket frame, masked with zeros. */
function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 126 ? [0x80 | bytes.length] : [0x80 | 126, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), bytes]);
}

const UPGRADE =
  'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n';

describe('a client that reads nothing of its stream', () => {
  let router: RouterHarness;
  let client: Socket;
  beforeEach(async () => {
    router = new RouterHarness();
    await router.start({ server: { writeTimeout: 500 }, subscriptions: { heartbeat: 60_000 } });
    const { hostname, port } = new URL(router.url);
    client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    await once(client, 'connect');
  });
  afterEach(async () => {
    client.destroy();
    await router.stop();
  });

  const cuts = async () => (await router.metrics.of(HttpMetrics).slowReaders.get()).values.length;
  const floods = async () => {
    await eventually(() => expect(router.upstreams.size).toBe(1));
    client.pause();
    await eventually(async () => {
      router.emit({ id: '1', title: TITLE });
      expect(await cuts()).toBe(1);
    });
    await eventually(() => expect(router.upstreams.size).toBe(0));
  };

  it.each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])('is cut off over %s', async (accept) => {
    client.write(head(accept));
    await floods();
  });

  it('is cut off over a WebSocket', async () => {
    client.write(UPGRADE);
    await once(client, 'data');
    client.write(frame(JSON.stringify({ type: 'connection_init' })));
    await once(client, 'data');
    client.write(frame(JSON.stringify({ type: 'subscribe', id: '1', payload: JSON.parse(SUBSCRIPTION) })));
    await floods();
  });
});
