import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DiscoveryConfig, projectRoot } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import type { SupergraphSource } from '@platform/router';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import { listedSchemas } from './listed-schemas.js';
import { type ApolloSettings, uplinkSource } from './uplink-source.js';

interface SupergraphSettings {
  readonly discovery: DiscoveryConfig;
  readonly router: { readonly supergraph: string; readonly composeOnStart: boolean };
  readonly platform: { readonly dataDir: string };
  readonly apollo: ApolloSettings;
}

/**
 * The composed SDL that a router serves: from Apollo Studio where `apollo.managedFederation` says so, composed from the listed subgraphs where `router.composeOnStart` says so, else the committed file.
 * @param running SDLs of subgraphs that live in this process; they go before the listed files.
 */
export function supergraphSource(
  { discovery, router, apollo, platform }: SupergraphSettings,
  logger: Logger,
  running: ReadonlyMap<string, { typeDefs: string }> = new Map(),
): SupergraphSource {
  const uplink = uplinkSource({ apollo, directory: platform.dataDir }, logger);
  if (uplink) return uplink;
  if (!router.composeOnStart) return supergraphFile(resolve(projectRoot(), router.supergraph));
  return {
    read: async () => {
      const { composeSupergraph } = await import('@platform/federation-engine/composition');
      return composeSupergraph(listedSchemas(discovery, running)).sdl;
    },
    files: [discovery.supergraphConfig, ...schemaFiles(discovery, running)],
  };
}

/** A composed SDL in a file. */
export const supergraphFile = (file: string): SupergraphSource => ({
  read: () => readFile(file, 'utf8'),
  files: [file],
});

/** The schema files that are read: those of subgraphs that do not live in this process. */
const schemaFiles = (
  { supergraphConfig, routingUrls }: DiscoveryConfig,
  running: ReadonlyMap<string, unknown>,
): string[] =>
  readSupergraphConfig(supergraphConfig, routingUrls).flatMap(({ name, schemaFile }) =>
    schemaFile === null || running.has(name) ? [] : schemaFile,
  );
