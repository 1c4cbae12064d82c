import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpEndpoint } from '@platform/kernel/endpoints';

describe('what a subgraph behind HTTP says of how long its answer holds', () => {
  let server: Server;
  let endpoint: HttpEndpoint;
  let headers: Record<string, string>;

  beforeEach(async () => {
    const claimed = { data: {}, cacheControl: { header: 'max-age=1000' } };
    server = createServer((_request, response) => response.writeHead(200, headers).end(JSON.stringify(claimed)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = new HttpEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(async () => {
    await endpoint.stop();
    server.close();
  });

  const told = async (readsCacheControl?: boolean) =>
    (await endpoint.execute({ query: '{ a }', readsCacheControl }, {})).cacheControl;

  it('is told to who asks for it', async () => {
    headers = { 'Cache-Control': 'public, max-age=60', Age: '7' };
    expect(await told(true)).toEqual({ header: 'public, max-age=60', age: '7' });
    headers = { 'cache-control': 'no-store' };
    expect(await told(true)).toEqual({ header: 'no-store', age: undefined });
  });

  it('is not looked for otherwise, and never taken from the body', async () => {
    headers = { 'cache-control': 'no-store' };
    expect(await told()).toBeUndefined();
    headers = {};
    expect(await told(true)).toBeUndefined();
  });
});
