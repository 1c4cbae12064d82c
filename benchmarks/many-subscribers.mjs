// What the benchmarks of subscriptions share: a router that bounds no caller, and clients over WebSocket.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const ROOT = join(import.meta.dirname, '..');

/** `platformctl router` in front of the supergraph; resolves once it listens. */
export async function startRouter(supergraph, port) {
  const child = spawn(
    join(ROOT, 'platformctl'),
    [
      'router',
      '--supergraph',
      supergraph,
      '--port',
      String(port),
      '--set',
      'router.subscriptions.perCaller=1000000',
      '--set',
      'router.subscriptions.connections.perNetwork=1000000',
      '--set',
      'router.subscriptions.connections.total=1000000',
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const chunk of child.stdout) if (String(chunk).includes('Listening on')) break;
  return child;
}

/** A connected client of the router at the port. */
export async function connect(port) {
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: (error) => console.error(error),
  });
  await new Promise((resolve) => client.on('connected', resolve));
  return client;
}
