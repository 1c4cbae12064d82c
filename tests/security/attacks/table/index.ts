import type { Family } from '../attack.js';
import { evadedLimits, unauthorized } from './callers.js';
import { crossSite } from './cross-site.js';
import { oversized, requestSmuggling, slowClients } from './http-requests.js';
import { batches, documents } from './overloading.js';
import { automaticQueries, safelistBypass } from './persisted-queries.js';
import { schemaProbing } from './schema-probing.js';
import { sockets } from './sockets.js';
import { subgraphs } from './subgraphs.js';
import { variables } from './variables.js';

/** Every attack that the router is tried with. */
export const families: readonly Family[] = [
  documents,
  batches,
  schemaProbing,
  crossSite,
  automaticQueries,
  safelistBypass,
  variables,
  requestSmuggling,
  oversized,
  slowClients,
  sockets,
  evadedLimits,
  unauthorized,
  subgraphs,
];

export { FORGED } from './callers.js';
