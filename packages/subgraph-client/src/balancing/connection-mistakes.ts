import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { InstancesConfig } from '@platform/foundation/config';
import { signerOf, tlsOf } from './connection-files.js';

interface Target {
  readonly name: string;
  readonly url: string;
  /** Where the URL stands, for whoever has to mend it. */
  readonly place: string;
}

/** Everything in the configuration by which these subgraphs cannot be reached, or that is about none of them; each with its place. */
export function connectionMistakes(config: InstancesConfig, targets: readonly Target[]): string[] {
  const byName = new Map(targets.map((target) => [target.name, target]));
  return [
    ...targets.flatMap(urlMistakes),
    ...unknownSubgraphs([...byName.keys()], {
      'discovery.instances': config.instances,
      'discovery.tls': config.tls,
      'discovery.signatures': config.signatures,
      'discovery.acceptEncoding.subgraphs': config.acceptEncoding.subgraphs,
    }),
    ...Object.keys(config.tls).flatMap((name) => tlsMistakes(config, name, byName.get(name)?.url)),
    ...Object.keys(config.signatures).flatMap((name) => attempted(() => signerOf(config, name))),
    ...Object.entries(config.instances).flatMap(([name, found]) =>
      'consul' in found && config.consul.url === null
        ? [`discovery.instances.${name}: is to be found in Consul, and discovery.consul.url is not set`]
        : [],
    ),
  ];
}

/** Names in maps by subgraph that are no subgraph's: what stands there would have no effect. */
export const unknownSubgraphs = (
  known: readonly string[],
  maps: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string[] =>
  Object.entries(maps).flatMap(([place, map]) =>
    Object.keys(map)
      .filter((name) => !known.includes(name))
      .map((name) => `${place}.${name}: there is no subgraph of this name; there are ${known.join(', ') || 'none'}`),
  );

/** Whether the URL can be asked at all. */
export function urlMistakes({ name, url, place }: Target): string[] {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [];
  return [`${place}: the URL of ${name} must begin with http:// or https:// (${JSON.stringify(url)})`];
}

function tlsMistakes(config: InstancesConfig, name: string, url: string | undefined): string[] {
  const place = `discovery.tls.${name}`;
  const files = config.tls[name] ?? {};
  const unread = (['ca', 'cert', 'key'] as const).flatMap((part) => {
    const file = files[part];
    return file === undefined ? [] : attempted(() => readFileSync(file), `${place}.${part}: ${file} cannot be read`);
  });
  const half = (files.cert === undefined) !== (files.key === undefined);
  const read = () => createSecureContext(tlsOf(config, name));
  return [
    ...(url?.startsWith('http://') ? [`${place}: has no effect, for ${url} is no https URL`] : []),
    ...(half ? [`${place}: cert and key belong together`] : []),
    ...(unread.length > 0 || half ? unread : attempted(read, `${place}: is no certificate or key in PEM`)),
  ];
}

function attempted(work: () => unknown, what?: string): string[] {
  try {
    work();
    return [];
  } catch (error) {
    const { message } = error as Error;
    return [what === undefined ? message : `${what}: ${message}`];
  }
}
