export * from './definition.js';
export * from './subgraph.js';
