import { createHash } from 'node:crypto';
import { requestContext } from '@platform/foundation/logging';
import type { DocumentNode } from 'graphql';
import { MutationNotAllowed } from '../errors.js';
import { required, type Stage } from '../operation.js';

/** Holds the document, the chosen operation and the variables against the API schema. */
export const validate = (): Stage => (context, next) => {
  const engine = required(context, 'engine');
  const document = required(context, 'document');
  engine.validate(document);
  const operation = engine.operation(document, context.request.operationName);
  if (operation.node.operation === 'mutation' && !context.mutationsAllowed) throw new MutationNotAllowed();
  context.operation = operation;
  requestContext.extend({ operation: operation.node.name?.value, operationHash: hashOf(document) });
  context.variables = engine.coerceVariables(operation, context.request.variables);
  return next();
};

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
