export { inTenant } from './in-tenant.js';
export { SubgraphClient } from './subgraph-client.js';
export { TestClock } from './test-clock.js';
export { SubgraphHarness, useSubgraph } from './use-subgraph.js';
