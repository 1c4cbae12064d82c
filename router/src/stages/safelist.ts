import { required, type Stage } from '../operation.js';
import { clientNameOf, type PersistedQueries } from '../persisted-queries/index.js';

/** Holds documents that did not come from a manifest against the manifests. */
export const safelist =
  (queries: PersistedQueries): Stage =>
  (context, next) => {
    if (context.querySource !== 'listed')
      queries.admit(required(context, 'document'), { clientName: clientNameOf(context) });
    return next();
  };
