export { InvalidModules, type ModuleManifest, readManifest } from './manifest.js';
export { ModuleRegistry } from './module-registry.js';
