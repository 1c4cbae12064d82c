import { join } from 'node:path';
import { audit } from '@platform/audit';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { identity } from '@platform/identity';
import { projectRoot } from '@platform/kernel/config';
import { ModuleRegistry, readManifest } from '@platform/kernel/modules';
import type { AnySubgraphDefinition } from '@platform/kernel/subgraph';
import { version } from './version.js';

/** Every subgraph that this repository holds, by name, with the port of its own process. */
export const subgraphs: Readonly<Record<SubgraphName, { definition: AnySubgraphDefinition; port: number }>> = {
  identity: { definition: identity, port: 4001 },
  authz: { definition: authz, port: 4002 },
  audit: { definition: audit, port: 4003 },
  blog: { definition: blog, port: 4004 },
};

export type SubgraphName = 'identity' | 'authz' | 'audit' | 'blog';

export const subgraphNames = Object.keys(subgraphs) as SubgraphName[];

/** The configuration sections of every subgraph. */
export const subgraphSections = {
  ...identity.sections,
  ...authz.sections,
  ...audit.sections,
  ...blog.sections,
};

/** The modules, each after those that it depends on. @throws InvalidModules naming every mistake. */
export const readModules = (): ModuleRegistry =>
  new ModuleRegistry(
    subgraphNames.map((name) => readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml'))),
    version(),
  );

/** The definitions in the order in which they migrate and start. */
export const orderedDefinitions = (): AnySubgraphDefinition[] =>
  readModules().ordered.map(({ name }) => subgraphs[name as SubgraphName].definition);
