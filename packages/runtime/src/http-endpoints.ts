import { type Config, InvalidConfig, type processSections } from '@platform/foundation/config';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { connectionMistakes, connectSubgraph } from '@platform/subgraph-client/balancing';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { ProcessContext } from './process-context.js';

interface DiscoveryContext extends Pick<ProcessContext, 'logger' | 'metrics'> {
  readonly config: Pick<Config<typeof processSections>, 'discovery'>;
}

interface HttpEndpointsOptions {
  /** Largest answer or event that is read, in bytes. Default: the endpoint's own. */
  readonly maxResponseBytes?: number;
  /** Subgraphs that are called otherwise. */
  readonly except?: ReadonlySet<string>;
}

/** Subgraphs behind HTTP, by the names and URLs of supergraph.yaml. @throws InvalidConfig */
export function httpEndpoints(
  { config: { discovery }, logger, metrics }: DiscoveryContext,
  { maxResponseBytes, except = new Set() }: HttpEndpointsOptions = {},
) {
  const listed = readSupergraphConfig(discovery.supergraphConfig, discovery.routingUrls).filter(
    ({ name }) => !except.has(name),
  );
  const mistakes = connectionMistakes(
    discovery,
    listed.map((target) => ({ ...target, place: discovery.supergraphConfig })),
  );
  if (mistakes.length > 0) throw new InvalidConfig(mistakes);
  const endpoints = new Map(
    listed.map(({ name, url }) => [
      name,
      connectSubgraph(name, url, { config: discovery, logger, metrics, maxResponseBytes }),
    ]),
  );
  const endpoint = (name: string): SubgraphEndpoint => {
    const found = endpoints.get(name);
    if (!found) throw new Error(`supergraph.yaml lists no subgraph named ${name}`);
    return found;
  };
  const part: LifecycleComponent = {
    name: 'subgraph connections',
    stop: async () => void (await Promise.all([...endpoints.values()].map((each) => each.stop()))),
  };
  return { endpoint, endpoints, part };
}
