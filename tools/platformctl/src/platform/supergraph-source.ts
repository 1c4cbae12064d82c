import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { projectRoot } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { composeSupergraph } from '@platform/router/engine';

interface SupergraphSettings {
  readonly discovery: { readonly supergraphConfig: string; readonly routingUrls: Readonly<Record<string, string>> };
  readonly router: { readonly supergraph: string; readonly composeOnStart: boolean };
}

/**
 * The composed SDL that a router serves: composed now from the listed subgraphs where `router.composeOnStart` says so, else the committed file.
 * @param running SDLs of subgraphs that live in this process; they go before the listed files.
 * @throws CompositionFailed with every reason.
 */
export async function supergraphSource(
  { discovery, router }: SupergraphSettings,
  running: ReadonlyMap<string, { typeDefs: string }> = new Map(),
): Promise<string> {
  if (!router.composeOnStart) return readFile(resolve(projectRoot(), router.supergraph), 'utf8');
  const listed = readSupergraphConfig(discovery.supergraphConfig, discovery.routingUrls);
  const subgraphs = await Promise.all(
    listed.map(async ({ name, url, schemaFile }) => {
      const typeDefs =
        running.get(name)?.typeDefs ?? (schemaFile === null ? undefined : await readFile(schemaFile, 'utf8'));
      if (typeDefs === undefined) throw new Error(`supergraph.yaml names no schema file for ${name}`);
      return { name, url, typeDefs };
    }),
  );
  return composeSupergraph(subgraphs).sdl;
}
