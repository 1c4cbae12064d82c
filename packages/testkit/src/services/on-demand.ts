import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from './running-service.js';

/** Starts a service for the first test process that asks (a GET of `url` answers the service's own), so that runs without need of it do not pay for it. */
export async function onDemand(start: () => Promise<RunningService>): Promise<RunningService> {
  let service: Promise<RunningService> | undefined;
  const desk = createServer((_request, response) => {
    service ??= start();
    service.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  desk.unref();
  return {
    url: `http://127.0.0.1:${(desk.address() as AddressInfo).port}`,
    stop: async () => {
      desk.close();
      await (await service?.catch(() => undefined))?.stop();
    },
  };
}

/** The URL of the service behind the desk. @throws why it did not start */
export async function demand(desk: string): Promise<string> {
  const response = await fetch(desk);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
