import type { InstancesConfig, InstancesOf } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { deniedNetworks } from '@platform/foundation/outbound';
import { HttpEndpoint } from '../endpoints/index.js';
import { BalancedEndpoint } from './balanced-endpoint.js';
import { signerOf, tlsOf } from './connection-files.js';
import { consulInstances } from './consul-instances.js';
import { addressRecords, serviceRecords } from './dns-instances.js';
import { InstanceMetrics } from './instance-metrics.js';
import { type InstanceSource, listedInstances } from './instance-source.js';

interface ConnectionDependencies {
  readonly config: InstancesConfig;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Whether the URL is somebody else's choice than the operator's: then it leads to no network that is refused. */
  readonly foreign?: boolean;
  /** Largest answer or event that is read, in bytes. Default: the endpoint's own. */
  readonly maxResponseBytes?: number;
}

/** The way to a subgraph: to the one place that its URL names, or to its instances wherever the configuration finds them. */
export function connectSubgraph(
  name: string,
  url: string,
  { config, logger, metrics, foreign = false, maxResponseBytes }: ConnectionDependencies,
): HttpEndpoint | BalancedEndpoint {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const tls = tlsOf(config, name);
  const signer = signerOf(config, name);
  const acceptEncoding = config.acceptEncoding.subgraphs[name] ?? config.acceptEncoding.all;
  const refused = deniedNetworks(config.deniedNetworks);
  const found = config.instances[name];
  if (!found)
    return new HttpEndpoint(url, {
      tls,
      signer,
      acceptEncoding,
      maxResponseBytes,
      ...(foreign && { networks: refused }),
    });
  const networks = 'urls' in found ? undefined : refused;
  return new BalancedEndpoint({
    subgraph: name,
    source: sourceOf(found, { config, logger, protocol, port: Number(port || (protocol === 'https:' ? 443 : 80)) }),
    open: (origin) =>
      new HttpEndpoint(origin + pathname + search, {
        tls: { servername: hostname, ...tls },
        signer,
        acceptEncoding,
        networks,
        maxResponseBytes,
      }),
    outlierDetection: config.outlierDetection,
    metrics: metrics?.of(InstanceMetrics),
  });
}

function sourceOf(
  found: InstancesOf,
  { config, logger, protocol, port }: ConnectionDependencies & { protocol: string; port: number },
): InstanceSource {
  const dns = { interval: config.dnsInterval, protocol, logger };
  if ('urls' in found) return listedInstances(found.urls);
  if ('dns' in found) return addressRecords(found.dns, found.port ?? port, dns);
  if ('srv' in found) return serviceRecords(found.srv, { ...dns, servers: config.dnsServers });
  const { url, token, wait } = config.consul;
  if (url === null) throw new Error(`${found.consul} is to be found in Consul, and discovery.consul.url is not set`);
  return consulInstances(found.consul, { url, token, wait, tag: found.tag, protocol, logger });
}
