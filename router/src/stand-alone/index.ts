export { composeStandAloneRouter } from './compose.js';
export { standAloneSections } from './config.js';
