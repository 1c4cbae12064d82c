import { lookup, Resolver } from 'node:dns/promises';
import type { Logger } from '@platform/foundation/logging';
import { type InstanceSource, onlyNews } from './instance-source.js';

interface DnsOptions {
  /** Ms between two look-ups. */
  readonly interval: number;
  readonly protocol: string;
  readonly logger: Logger;
}

/** Every address behind a name: a Kubernetes headless service has one per ready pod. */
export const addressRecords = (name: string, port: number, options: DnsOptions): InstanceSource =>
  lookedUp(name, options, async () => {
    const found = await lookup(name, { all: true });
    return found.map(
      ({ address, family }) => `${options.protocol}//${family === 6 ? `[${address}]` : address}:${port}`,
    );
  });

/** The hosts and ports behind a name (RFC 2782) that are to be asked first: those of the lowest priority. */
export function serviceRecords(
  name: string,
  { servers, ...options }: DnsOptions & { readonly servers: readonly string[] },
): InstanceSource {
  const resolver = new Resolver();
  if (servers.length > 0) resolver.setServers(servers);
  return lookedUp(name, options, async () => {
    const found = await resolver.resolveSrv(name);
    const lowest = Math.min(...found.map(({ priority }) => priority));
    const first = found.filter(({ priority }) => priority === lowest);
    return first.map(({ name: host, port }) => `${options.protocol}//${host}:${port}`);
  });
}

/** While the name cannot be looked up, the last known instances stand. */
function lookedUp(name: string, { interval, logger }: DnsOptions, find: () => Promise<string[]>): InstanceSource {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  return {
    start(tell) {
      const news = onlyNews(tell);
      const again = async (): Promise<void> => {
        try {
          news(await find());
        } catch (err) {
          logger.warn({ err, name }, 'instance lookup failed; using last known instances');
        }
        if (!stopped) timer = setTimeout(again, interval).unref();
      };
      void again();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
