export * from './processes/index.js';
export * from './services/index.js';
export * from './subgraph/index.js';
export * from './subscriptions/index.js';
export * from './transports/index.js';
export * from './waiting/index.js';
