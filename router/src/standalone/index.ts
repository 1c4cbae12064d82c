export { type StandaloneConfig, standaloneSections } from './config.js';
export { createStandaloneRouter } from './create-standalone-router.js';
export { mistakesAboutSubgraphs } from './subgraph-mistakes.js';
