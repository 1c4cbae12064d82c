export * from './acting-on.js';
export * from './definition.js';
export * from './peer-client.js';
export * from './subgraph.js';
