import type { DocumentLimits } from '../limits/index.js';
import { required, type Stage } from '../operation.js';

/** Refuses documents that are too large, before validation: its work grows faster than they do. */
export const limits =
  (documents: DocumentLimits): Stage =>
  (context, next) => {
    documents.checkTexts(context.request);
    documents.check(required(context, 'document'));
    return next();
  };
