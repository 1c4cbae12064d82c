import { once } from 'node:events';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** A loopback port that nobody listens on: the preferred one when it is free. Another process may still be faster. */
export async function freePort(preferred?: number): Promise<number> {
  return (preferred ? await tried(preferred) : undefined) ?? (await tried(0)) ?? freePort();
}

async function tried(port: number): Promise<number | undefined> {
  const server = createServer().listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
