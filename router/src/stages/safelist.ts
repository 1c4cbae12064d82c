import { clientNameOf, type PersistedQueries } from '../persisted-queries/index.js';
import type { BeforeStage } from '../stage.js';

/** Holds documents that did not come from a manifest against the manifests. */
export const safelist =
  (queries: PersistedQueries): BeforeStage<'querySource' | 'document'> =>
  (context) => {
    if (context.querySource !== 'listed') queries.admit(context.document, { clientName: clientNameOf(context) });
  };
