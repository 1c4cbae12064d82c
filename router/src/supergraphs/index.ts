export { type OpenEngine, type OpenedEngine, Serving } from './serving.js';
export { followed, refresh, type SupergraphSource } from './supergraph-source.js';
export { type Offer, Supergraphs, type SwapObserver } from './supergraphs.js';
