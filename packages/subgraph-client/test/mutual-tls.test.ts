import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import { contents, TestAuthority } from '@platform/testkit';

const { discovery } = loadConfig(processSections, { environment: 'test', env: {} });
const logger = createLogger({ level: 'silent', format: 'json' });

describe('a subgraph that asks for a certificate', () => {
  let authority: TestAuthority;
  let server: Server;
  let port: number;
  const seen: (string | undefined)[] = [];

  beforeAll(async () => {
    authority = new TestAuthority();
    const own = contents(authority.issue('localhost'));
    const options = { ...own, ca: readFileSync(authority.ca.cert), requestCert: true, rejectUnauthorized: true };
    server = createServer(options, (request, response) => {
      const { subject } = (request.socket as import('node:tls').TLSSocket).getPeerCertificate();
      seen.push(String(subject.CN));
      request
        .resume()
        .on('end', () => response.setHeader('content-type', 'application/json').end('{"data":{"name":"blog"}}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    authority.remove();
  });

  const ask = async (tls: { ca?: string; cert?: string; key?: string }, instances = {}): Promise<unknown> => {
    const config = { ...discovery, tls: { blog: tls }, instances };
    const endpoint = connectSubgraph('blog', `https://localhost:${port}/graphql`, { config, logger });
    try {
      return (await endpoint.execute({ query: '{ name }' }, {})).data;
    } finally {
      await endpoint.stop();
    }
  };

  it('answers who shows one of its authority, also at an instance’s address', async () => {
    const tls = { ca: authority.ca.cert, ...authority.issue('router') };
    expect(await ask(tls)).toEqual({ name: 'blog' });
    expect(await ask(tls, { blog: { urls: [`https://127.0.0.1:${port}`] } })).toEqual({ name: 'blog' });
    expect(seen).toEqual(['router', 'router']);
  });

  it('answers nobody else, and is believed only by who knows its authority', async () => {
    await expect(ask({ ca: authority.ca.cert })).rejects.toThrow();
    await expect(ask(authority.issue('router'))).rejects.toThrow(/certificate/);
  });
});
