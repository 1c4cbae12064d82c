import { createHash } from 'node:crypto';
import { requestContext } from '@platform/foundation/logging';
import type { DocumentNode } from 'graphql';
import { MutationNotAllowed } from '../errors.js';
import type { BeforeStage } from '../stage.js';

/** Holds the document and the chosen operation against the API schema. */
export const validate = (): BeforeStage<ValidatedFact, 'operation'> => (context) => {
  const { engine, request, document, mutationsAllowed } = context;
  engine.validate(document);
  const operation = engine.operation(document, request.operationName);
  if (operation.node.operation === 'mutation' && !mutationsAllowed) throw new MutationNotAllowed();
  requestContext.extend({ operation: operation.node.name?.value, operationHash: hashOf(document) });
  return { operation };
};

type ValidatedFact = 'engine' | 'request' | 'document';

const hashes = new WeakMap<DocumentNode, string>();

/** SHA-256 of the text, as persisted queries know it; made once for a document that is kept. */
function hashOf(document: DocumentNode): string {
  let hash = hashes.get(document);
  if (hash === undefined) {
    hash = createHash('sha256')
      .update(document.loc?.source.body ?? '')
      .digest('hex');
    hashes.set(document, hash);
  }
  return hash;
}
