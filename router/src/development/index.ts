export * from './explorer-page.js';
export * from './page.js';
export * from './routes.js';
