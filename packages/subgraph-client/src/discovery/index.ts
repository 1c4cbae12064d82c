export { readSupergraphConfig } from './supergraph-config.js';
