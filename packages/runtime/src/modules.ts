import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { ModuleRegistry, readManifest } from '@platform/subgraph-server/modules';
import { version } from './version.js';

/** The subgraphs that this repository holds. Their code is in subgraphs.ts: whoever needs names alone does not load it. */
export const subgraphNames = ['identity', 'authz', 'audit', 'blog'] as const;

export type SubgraphName = (typeof subgraphNames)[number];

/** The modules, each after those that it depends on. @throws InvalidModules naming every mistake. */
export const readModules = (): ModuleRegistry =>
  new ModuleRegistry(
    subgraphNames.map((name) => readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml'))),
    version(),
  );
