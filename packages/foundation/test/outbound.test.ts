import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deniedNetworks, outboundRequest, outboundStream } from '@platform/foundation/outbound';
import { Canary } from '@platform/testkit';

describe('a request of ours to somebody else', () => {
  let canary: Canary;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    canary = await Canary.start();
    server = createServer((request, response) => {
      const status = Number(/^\/(3\d\d)$/.exec(request.url ?? '')?.[1]);
      if (status) response.writeHead(status, { location: `${canary.url}/` }).end();
      else if (request.url === '/large') response.end('x'.repeat(1_000));
      else if (request.url === '/silent') response.write('x');
      else response.writeHead(201, { 'x-told': ['a', 'b'] }).end('{"a":1}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    canary.stop();
    server.closeAllConnections();
    server.close();
  });

  it('is answered with status, headers and text', async () => {
    const answer = await outboundRequest(`${url}/`, { method: 'POST', body: 'x', timeout: 5_000, maxBytes: 7 });
    expect([answer.status, answer.ok, answer.headers['x-told'], answer.json()]).toEqual([201, true, 'a, b', { a: 1 }]);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect (%d)', async (status) => {
    const bounds = { timeout: 5_000, maxBytes: 1_000 };
    await expect(outboundRequest(`${url}/${status}`, bounds)).rejects.toMatchObject({ name: 'RedirectRefused' });
    await expect(outboundStream(`${url}/${status}`)).rejects.toMatchObject({ name: 'RedirectRefused' });
    expect(canary.asked).toEqual([]);
  });

  it('is bounded in what it reads, and in time', async () => {
    await expect(outboundRequest(`${url}/large`, { timeout: 5_000, maxBytes: 999 })).rejects.toMatchObject({
      name: 'AnswerTooLarge',
    });
    await expect(outboundRequest(`${url}/silent`, { timeout: 50, maxBytes: 999 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('networks that are refused', () => {
  const { check, lookup } = deniedNetworks(['169.254.0.0/16', 'fe80::/10', '127.0.0.0/8', '::1']);

  it.each(['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]', '127.0.0.1', '[::1]'])(
    'are told by an address: %s',
    (host) => expect(() => check(host)).toThrow(/discovery\.deniedNetworks/),
  );

  it('leave names and other addresses alone', () => {
    for (const host of ['localhost', '10.0.0.1', '[fd00::1]']) expect(() => check(host)).not.toThrow();
  });

  it.each([true, false])('are told by what a name means at the time, all of it: %s', async (all) => {
    const failure = await new Promise((resolve) => lookup('localhost', { all }, resolve));
    expect(failure).toMatchObject({ name: 'NetworkRefused' });
  });
});
