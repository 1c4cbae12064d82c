export { EngineLease, type OpenEngine, type OpenedEngine } from './engine-lease.js';
export { followed, refresh, type SupergraphSource } from './supergraph-source.js';
export { type Offer, Supergraphs, type SwapObserver } from './supergraphs.js';
