import { readFileSync } from 'node:fs';
import type { SubgraphDefinition } from '@platform/federation-engine/composition';
import type { DiscoveryConfig } from '@platform/foundation/config';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';

/**
 * The listed subgraphs as they enter composition.
 * @param printed SDLs by subgraph that go before the listed files: of subgraphs whose source is at hand.
 * @throws InvalidSupergraphConfig; a file error for a schema file that is not there.
 */
export function listedSchemas(
  { supergraphConfig, routingUrls }: DiscoveryConfig,
  printed: ReadonlyMap<string, { typeDefs: string }> = new Map(),
): SubgraphDefinition[] {
  return readSupergraphConfig(supergraphConfig, routingUrls).map(({ name, url, schemaFile }) => ({
    name,
    url,
    typeDefs: printed.get(name)?.typeDefs ?? schemaText(name, schemaFile),
    file: schemaFile ?? undefined,
  }));
}

function schemaText(name: string, file: string | null): string {
  if (file === null) throw new Error(`supergraph.yaml names no schema file for ${name}`);
  return readFileSync(file, 'utf8');
}
