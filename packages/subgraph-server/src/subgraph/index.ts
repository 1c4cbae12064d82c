export {
  actsOnNoUser,
  actsOnRoleHolders,
  actsOnSelf,
  actsOnUser,
  assertTargetsDeclared,
  type Target,
  type Targets,
} from './acting-on.js';
export { bumpVersions } from './bump-versions.js';
export {
  type AnySubgraphDefinition,
  defineSubgraph,
  type SubgraphDefinition,
  type SubgraphInfrastructure,
} from './definition.js';
export { PeerClient } from './peer-client.js';
export { assembleSubgraph, type Subgraph } from './subgraph.js';
