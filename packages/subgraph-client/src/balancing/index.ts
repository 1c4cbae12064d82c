export { BalancedEndpoint } from './balanced-endpoint.js';
export { connectionMistakes, unknownSubgraphs, urlMistakes } from './connection-mistakes.js';
export { connectSubgraph } from './subgraph-connections.js';
