export type { TlsOptions } from './connections.js';
export { HttpEndpoint, InvalidSubgraphResponse } from './http-endpoint.js';
export type { HeaderSource, SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from './subgraph-endpoint.js';
export { SubscriptionClient } from './subscription-client.js';
