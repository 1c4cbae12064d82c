export {
  actsOnNobody,
  actsOnRoleHolders,
  actsOnSelf,
  actsOnUser,
  assertTargetsDeclared,
  type Target,
  type Targets,
} from './acting-on.js';
export {
  type AnySubgraphDefinition,
  defineSubgraph,
  type SubgraphDefinition,
  type SubgraphInfrastructure,
} from './definition.js';
export { PeerClient } from './peer-client.js';
export { raiseVersions } from './raise-versions.js';
export { assembleSubgraph, type Subgraph } from './subgraph.js';
