import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { StandAloneRouter } from './stand-alone-router.js';

const QUERY = 'query ($of: JSON) { json(of: $of) }';
const VALUE = '{"long":9007199254740993,"list":[1.0,-0,1e400,0.1234567890123456789],"text":"1.0"}';
const ANSWER = `{"json":${VALUE}}`;
const BODY = `{"query":${JSON.stringify(QUERY)},"variables":{"of":${VALUE}}}`;
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

describe('numbers that a double would change', () => {
  let echo: Server;
  let router: StandAloneRouter;
  const received: string[] = [];

  beforeAll(async () => {
    echo = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      received.push(text);
      const of = text.match(/"variables":\{"of":(.*)\}\}$/s)?.[1] ?? 'null';
      response.setHeader('content-type', 'application/json').end(`{"data":{"json":${of}}}`);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
    const typeDefs = 'scalar JSON type Query { json(of: JSON): JSON }';
    const { sdl } = composeSupergraph([{ name: 'echo', url, typeDefs }]);
    const config = 'router:\n  batching: { enabled: true }\n';
    router = await StandAloneRouter.start({ sdl, config });
  });
  afterAll(async () => {
    await router?.stop();
    echo.closeAllConnections();
    echo.close();
  });
  beforeEach(() => received.splice(0));
  afterEach(() => {
    expect(received.length).toBeGreaterThan(0);
    for (const text of received) expect(text).toContain(`"variables":{"of":${VALUE}}`);
  });

  const send = async (init: RequestInit, path = '/graphql'): Promise<string> => {
    const response = await fetch(router.url + path, init);
    return response.text();
  };
  const post = (body: string, accept = 'application/json') =>
    send({ method: 'POST', headers: { ...JSON_HEADERS, accept }, body });

  it('come through POST', async () => {
    expect(await post(BODY)).toBe(`{"data":${ANSWER}}`);
  });

  it('come through GET', async () => {
    const parameters = new URLSearchParams({ query: QUERY, variables: `{"of":${VALUE}}` });
    expect(await send({ headers: JSON_HEADERS }, `/graphql?${parameters}`)).toBe(`{"data":${ANSWER}}`);
  });

  it('come through a batch', async () => {
    expect(await post(`[${BODY},${BODY}]`)).toBe(`[{"data":${ANSWER}},{"data":${ANSWER}}]`);
  });

  it('come through a persisted query', async () => {
    const sha256Hash = createHash('sha256').update(QUERY).digest('hex');
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    await post(`${BODY.slice(0, -1)},"extensions":${extensions}}`);
    expect(await post(`{"variables":{"of":${VALUE}},"extensions":${extensions}}`)).toBe(`{"data":${ANSWER}}`);
  });

  it('come through server-sent events', async () => {
    expect(await post(BODY, 'text/event-stream')).toContain(`{"data":${ANSWER}}`);
  });

  it('come through an answer in parts', async () => {
    const deferred = BODY.replace('{ json(of: $of) }', '{ ... @defer { json(of: $of) } }');
    expect(await post(deferred, 'multipart/mixed; deferSpec=20220824')).toContain(ANSWER);
  });

  it('come through a WebSocket', async () => {
    const socket = new WebSocket(`${router.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const answer = await new Promise<string>((resolve, reject) => {
      socket.onerror = reject;
      socket.onopen = () => socket.send('{"type":"connection_init"}');
      socket.onmessage = ({ data }) => {
        const text = String(data);
        if (text.includes('connection_ack')) socket.send(`{"id":"1","type":"subscribe","payload":${BODY}}`);
        else if (text.includes('"next"')) resolve(text);
      };
    });
    socket.close();
    expect(answer).toContain(`{"data":${ANSWER}}`);
  });
});
