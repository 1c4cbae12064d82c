import { loadConfig, processSections } from '@platform/foundation/config';
import { routerSections } from '@platform/router';

/** What routers of tests read, where they are told nothing else. */
export const config = loadConfig(
  { ...processSections, ...routerSections },
  { environment: 'test', set: ['logging.level=silent', 'server.port=0'] },
);
