import type { DocumentLimits } from '../limits/index.js';
import type { BeforeStage } from '../stage.js';

/** Refuses documents that are too large, before validation: its work grows faster than they do. */
export const limits =
  (documents: DocumentLimits): BeforeStage<'request' | 'document'> =>
  ({ request, document }) => {
    documents.checkTexts(request);
    documents.check(document);
  };
