import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DiscoveryConfig, projectRoot } from '@platform/kernel/config';
import { composeSupergraph } from '@platform/router/engine';
import { listedSchemas } from '../supergraph/listed-schemas.js';

interface SupergraphSettings {
  readonly discovery: DiscoveryConfig;
  readonly router: { readonly supergraph: string; readonly composeOnStart: boolean };
}

/**
 * The composed SDL that a router serves: composed now from the listed subgraphs where `router.composeOnStart` says so, else the committed file.
 * @param running SDLs of subgraphs that live in this process; they go before the listed files.
 * @throws CompositionFailed with every reason.
 */
export async function supergraphSource(
  { discovery, router }: SupergraphSettings,
  running?: ReadonlyMap<string, { typeDefs: string }>,
): Promise<string> {
  if (!router.composeOnStart) return readFile(resolve(projectRoot(), router.supergraph), 'utf8');
  return composeSupergraph(listedSchemas(discovery, running)).sdl;
}
