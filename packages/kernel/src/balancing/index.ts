export { BalancedEndpoint, NoInstances } from './balanced-endpoint.js';
export { connectionMistakes, unknownSubgraphs, urlMistakes } from './connection-mistakes.js';
export { consulInstances } from './consul-instances.js';
export { addressRecords, serviceRecords } from './dns-instances.js';
export { type InstanceSource, listedInstances } from './instance-source.js';
export { connectSubgraph } from './subgraph-connections.js';
