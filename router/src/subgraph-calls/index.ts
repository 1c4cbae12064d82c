export { invalidResponses } from './invalid-responses.js';
export { SubgraphCalls } from './subgraph-calls.js';
