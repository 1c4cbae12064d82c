export { composeStandAloneRouter, mistakesAboutSubgraphs } from './compose.js';
export { type StandAloneConfig, standAloneSections } from './config.js';
