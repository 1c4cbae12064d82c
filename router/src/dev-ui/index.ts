export { registerAssets } from './asset-routes.js';
export { developmentPages } from './development-pages.js';
export { explorerPage } from './explorer-page.js';
export type { Explorer } from './known-host.js';
export { plainExplorerPage } from './plain-explorer-page.js';
export { registerDevelopmentPages } from './routes.js';
