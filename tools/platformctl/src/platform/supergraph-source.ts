import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { projectRoot } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import type { SupergraphSource } from '@platform/router';
import { composeSupergraph } from '@platform/router/engine';

interface SupergraphSettings {
  readonly discovery: { readonly supergraphConfig: string; readonly routingUrls: Readonly<Record<string, string>> };
  readonly router: { readonly supergraph: string; readonly composeOnStart: boolean };
}

/**
 * The composed SDL that a router serves: composed from the listed subgraphs where `router.composeOnStart` says so, else the committed file.
 * @param running SDLs of subgraphs that live in this process; they go before the listed files.
 */
export function supergraphSource(
  { discovery, router }: SupergraphSettings,
  running: ReadonlyMap<string, { typeDefs: string }> = new Map(),
): SupergraphSource {
  if (!router.composeOnStart) return supergraphFile(resolve(projectRoot(), router.supergraph));
  return {
    read: () => compose(discovery, running),
    files: [discovery.supergraphConfig, ...schemaFiles(discovery, running)],
  };
}

/** A composed SDL in a file. */
export const supergraphFile = (file: string): SupergraphSource => ({
  read: () => readFile(file, 'utf8'),
  files: [file],
});

/** @throws CompositionFailed with every reason. */
async function compose(
  { supergraphConfig, routingUrls }: SupergraphSettings['discovery'],
  running: ReadonlyMap<string, { typeDefs: string }>,
): Promise<string> {
  const listed = readSupergraphConfig(supergraphConfig, routingUrls);
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

/** The schema files that are read: those of subgraphs that do not live in this process. */
const schemaFiles = (
  { supergraphConfig, routingUrls }: SupergraphSettings['discovery'],
  running: ReadonlyMap<string, unknown>,
): string[] =>
  readSupergraphConfig(supergraphConfig, routingUrls).flatMap(({ name, schemaFile }) =>
    schemaFile === null || running.has(name) ? [] : schemaFile,
  );
