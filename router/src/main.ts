export { routerSections } from './config.js';
export {
  type ListedOperation,
  OperationCheck,
  type OperationMistake,
  readManifests,
} from './persisted-queries/index.js';
export { createPlatformRouter } from './platform/create-platform-router.js';
export type { LiveSettings, Router } from './router-options.js';
export {
  createStandaloneRouter,
  mistakesAboutSubgraphs,
  type StandaloneConfig,
  standaloneSections,
} from './standalone/index.js';
export type { SupergraphSource } from './supergraphs/index.js';
