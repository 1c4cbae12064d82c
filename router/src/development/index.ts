export * from './asset-routes.js';
export * from './explorer-page.js';
export { type Explorer, explorerAtKnownHosts } from './known-host.js';
export * from './page.js';
export * from './plain-explorer-page.js';
export * from './routes.js';
