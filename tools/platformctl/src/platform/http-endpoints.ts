import type { Config, kernelSections } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { HttpEndpoint } from '@platform/kernel/endpoints';
import type { Part } from '@platform/kernel/lifecycle';

/** Subgraphs behind HTTP, by the names and URLs of supergraph.yaml. */
export function httpEndpoints({ discovery }: Pick<Config<typeof kernelSections>, 'discovery'>) {
  const endpoints = new Map(
    readSupergraphConfig(discovery.supergraphConfig, discovery.routingUrls).map(({ name, url }) => [
      name,
      new HttpEndpoint(url),
    ]),
  );
  const endpoint = (name: string): HttpEndpoint => {
    const found = endpoints.get(name);
    if (!found) throw new Error(`supergraph.yaml lists no subgraph named ${name}`);
    return found;
  };
  const part: Part = {
    name: 'subgraph connections',
    stop: async () => void (await Promise.all([...endpoints.values()].map((each) => each.stop()))),
  };
  return { endpoint, part };
}
