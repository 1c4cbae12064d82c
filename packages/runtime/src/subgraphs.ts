import type { AnySubgraphDefinition } from '@platform/subgraph-server/subgraph';
import { definitions } from './definitions.generated.js';
import { readModules, type SubgraphName } from './modules.js';

export { definitions, subgraphSections } from './definitions.generated.js';

/** The definitions in the order in which they migrate and start. */
export const orderedDefinitions = (): AnySubgraphDefinition[] =>
  readModules().ordered.map(({ name }) => definitions[name as SubgraphName]);
