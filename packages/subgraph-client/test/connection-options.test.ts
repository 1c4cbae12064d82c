import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { loadConfig, processSections } from '@platform/foundation/config';
import { serveGraphQLSockets } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';
import { RequestVerifier } from '@platform/subgraph-client/signatures';
import { Canary, contents, TestAuthority } from '@platform/testkit';
import { parse } from 'graphql';
import { WebSocketServer } from 'ws';

const { discovery } = loadConfig(processSections, { environment: 'test', env: {} });
const logger = createLogger({ level: 'silent', format: 'json' });

type Endpoint = ReturnType<typeof connectSubgraph>;

/** What travels to a subgraph, each on connections of its own kind. */
const kinds = {
  'an operation': async (endpoint: Endpoint) => (await endpoint.execute({ query: '{ name }' }, {})).data,
  'a subscription': async (endpoint: Endpoint) => {
    const events = await endpoint.subscribe({ query: 'subscription { name }' }, async () => ({}));
    const { value } = await events.next();
    await events.return?.();
    return value.data;
  },
  'what is passed on': async (endpoint: Endpoint) => {
    const { body } = await endpoint.stream('/blobs/a', {});
    return JSON.parse(await text(body)).data;
  },
};

describe.each(Object.entries(kinds))('the options of a subgraph, for %s', (kind, ask) => {
  let authority: TestAuthority;
  let folder: string;
  let server: Server;
  let port: number;
  let requests: { subject: string; request: IncomingMessage; body: string }[];
  let messages: { extensions?: { headers: Record<string, string>; signedBody?: string } }[];
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');

  beforeAll(async () => {
    authority = new TestAuthority();
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    writeFileSync(join(folder, 'router.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const own = contents(authority.issue('localhost'));
    server = createServer({ ...own, ca: readFileSync(authority.ca.cert), requestCert: true, rejectUnauthorized: true });
    const subjectOf = ({ socket }: IncomingMessage) => String((socket as TLSSocket).getPeerCertificate().subject.CN);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      requests.push({ subject: subjectOf(request), request, body });
      response.setHeader('content-type', 'application/json').end('{"data":{"name":"blog"}}');
    });
    const sockets = new WebSocketServer({ server, path: '/graphql' });
    sockets.on('connection', (_socket, request) => requests.push({ subject: subjectOf(request), request, body: '' }));
    serveGraphQLSockets(sockets, {
      protocol: {
        onSubscribe: (_context, _id, payload) => {
          messages.push(payload as never);
          return { schema: undefined as never, document: parse('subscription { name }') };
        },
        subscribe: async function* () {
          yield { data: { name: 'blog' } };
        } as never,
        onNext: (_context, _id, _payload, _arguments, result) => result,
      },
      keepAlive: 10_000,
      onError: () => {},
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    authority.remove();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    requests = [];
    messages = [];
  });

  const asked = async (config: Partial<typeof discovery>, url = `https://localhost:${port}/graphql`) => {
    const endpoint = connectSubgraph('blog', url, { config: { ...discovery, ...config }, logger });
    try {
      return await ask(endpoint);
    } finally {
      await endpoint.stop();
    }
  };

  it('certificates: whom to believe, and what to show, also at an instance’s address', async () => {
    const tls = { blog: { ca: authority.ca.cert, ...authority.issue('router') } };
    expect(await asked({ tls })).toEqual({ name: 'blog' });
    const instances = { blog: { urls: [`https://127.0.0.1:${port}`] } };
    expect(await asked({ tls, instances })).toEqual({ name: 'blog' });
    expect(requests.map(({ subject }) => subject)).toEqual(['router', 'router']);
    await expect(asked({ tls: { blog: { ca: authority.ca.cert } } })).rejects.toThrow();
    await expect(asked({ tls: { blog: authority.issue('router') } })).rejects.toThrow(/certificate/);
  });

  it('signatures of requests', async () => {
    if (kind === 'what is passed on') return; // a link of its own is all the right that is needed
    const tls = { blog: { ca: authority.ca.cert, ...authority.issue('router') } };
    const keyFile = join(folder, 'router.pem');
    await asked({ tls, signatures: { blog: { keyId: 'router-1', algorithm: 'ed25519', keyFile } } });
    const verifier = new RequestVerifier('blog', 60_000).trust(
      'router-1',
      'ed25519',
      publicKey.export({ type: 'spki', format: 'pem' }),
    );
    const [{ request, body } = { request: undefined as never, body: '' }] = requests;
    const { method = '', headers } = request;
    expect(() => verifier.verify({ method, path: '/graphql', headers, body })).not.toThrow();
    for (const { extensions } of messages) {
      const { headers: signed = {}, signedBody = '' } = extensions ?? {};
      expect(JSON.parse(signedBody)).toEqual({ query: 'subscription { name }' });
      expect(() =>
        verifier.verify({ method: 'POST', path: '/graphql', headers: signed, body: signedBody }),
      ).not.toThrow();
    }
    expect(messages).toHaveLength(kind === 'a subscription' ? 1 : 0);
  });

  it('networks that are refused, by address and by name, before anything is sent', async () => {
    const canary = await Canary.start();
    const { port: there } = new URL(canary.url);
    const config = { ...discovery, deniedNetworks: ['127.0.0.0/8', '::1'] };
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const url = `http://${host}:${there}/graphql`;
      const endpoint = connectSubgraph('blog', url, { config, logger, foreign: true });
      await expect(ask(endpoint)).rejects.toThrow(/discovery\.deniedNetworks/);
      await endpoint.stop();
    }
    const found = { ...config, instances: { blog: { dns: 'localhost', port: Number(there) } } };
    const endpoint = connectSubgraph('blog', `http://blog:${there}/graphql`, { config: found, logger });
    await expect(ask(endpoint)).rejects.toThrow(/discovery\.deniedNetworks/);
    await endpoint.stop();
    expect(canary.asked).toEqual([]);
    canary.stop();
  });
});

it('a subscription that gets no connection fails within the subgraph’s time', async () => {
  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const endpoint = new HttpEndpoint(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`);
  const events = await endpoint.subscribe({ query: 'subscription { name }', timeoutMs: 50 }, async () => ({}));
  await expect(events.next()).rejects.toMatchObject({ name: 'TimeoutError' });
  await endpoint.stop();
  silent.close();
});
