import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@platform/foundation/logging';
import { outboundRequest } from '@platform/foundation/outbound';
import { z } from 'zod';
import { type InstanceSource, onlyNews } from './instance-source.js';

interface ConsulOptions {
  readonly url: string;
  readonly token: string | null;
  /** How long Consul may hold one question back until something changes, in ms. */
  readonly wait: number;
  readonly tag: string | undefined;
  readonly protocol: string;
  readonly logger: Logger;
}

/** Pause after a failed question, in ms. */
const PAUSE = 1_000;

const LARGEST_ANSWER = 16 * 1024 * 1024;

/** What is read of https://developer.hashicorp.com/consul/api-docs/health#list-service-instances-for-service */
const health = z.array(
  z.looseObject({
    Node: z.looseObject({ Address: z.string() }),
    Service: z.looseObject({ Address: z.string(), Port: z.int() }),
  }),
);

/** The instances of a service whose checks pass, by blocking queries: a change is known at once. While Consul is away the last known ones stand. */
export function consulInstances(service: string, options: ConsulOptions): InstanceSource {
  const ended = new AbortController();
  const watch = async (news: (origins: readonly string[]) => void): Promise<void> => {
    for (let index = 0; !ended.signal.aborted; ) {
      try {
        const answer = await ask(service, index, options, ended.signal);
        news(answer.origins);
        // An index that goes back means that Consul has begun anew.
        index = answer.index < index ? 0 : answer.index;
        if (index === 0) await wait(PAUSE, undefined, { signal: ended.signal });
      } catch (err) {
        if (ended.signal.aborted) return;
        options.logger.warn({ err, service }, 'consul unavailable; using last known instances');
        index = 0;
        await wait(PAUSE, undefined, { signal: ended.signal }).catch(() => {});
      }
    }
  };
  return { start: (tell) => void watch(onlyNews(tell)), stop: () => ended.abort() };
}

async function ask(
  service: string,
  index: number,
  { url, token, wait: hold, tag, protocol }: ConsulOptions,
  signal: AbortSignal,
): Promise<{ origins: string[]; index: number }> {
  const query = new URLSearchParams({ passing: 'true', index: String(index), wait: `${hold}ms`, ...(tag && { tag }) });
  const response = await outboundRequest(`${url}/v1/health/service/${encodeURIComponent(service)}?${query}`, {
    headers: token ? { 'x-consul-token': token } : {},
    // Consul adds up to a sixteenth of the time by itself.
    timeout: hold * 1.1 + 5_000,
    maxBytes: LARGEST_ANSWER,
    signal,
  });
  if (!response.ok) throw new Error(`Consul answered ${response.status}`);
  const found = health.parse(response.json());
  const origins = found.map(
    ({ Node, Service }) => `${protocol}//${hostOf(Service.Address || Node.Address)}:${Service.Port}`,
  );
  return { origins, index: Number(response.headers['x-consul-index'] ?? 0) };
}

const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address);
