import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { ModuleRegistry, readManifest } from '@platform/subgraph-server/modules';
import { subgraphNames } from './names.generated.js';
import { version } from './version.js';

// Names alone: who needs no more does not load the code of subgraphs.
export { type SubgraphName, subgraphNames } from './names.generated.js';

/** The modules, each after those that it depends on. @throws InvalidModules naming every mistake. */
export const readModules = (): ModuleRegistry =>
  new ModuleRegistry(
    subgraphNames.map((name) => readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml'))),
    version(),
  );
