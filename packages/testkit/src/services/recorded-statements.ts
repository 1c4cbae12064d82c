import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A way to the server of `url` that keeps what clients say. */
export async function recorded(url: string) {
  const said: Buffer[] = [];
  const target = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('data', (chunk) => said.push(chunk));
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return { url: through.href, statements: () => Buffer.concat(said).toString('latin1'), close: () => server.close() };
}
