export * from './manifest.js';
export * from './module-registry.js';
