export * from './supergraph-config.js';
