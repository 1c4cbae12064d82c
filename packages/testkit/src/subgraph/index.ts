export * from './subgraph-client.js';
export * from './test-clock.js';
export * from './test-mailer.js';
export * from './use-subgraph.js';
