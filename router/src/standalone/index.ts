export { composeStandaloneRouter, mistakesAboutSubgraphs } from './compose.js';
export { type StandaloneConfig, standaloneSections } from './config.js';
