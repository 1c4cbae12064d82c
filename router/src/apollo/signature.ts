import {
  calculateReferencedFieldsByType,
  type ReferencedFieldsByType,
  usageReportingSignature,
} from '@apollo/utils.usagereporting';
import type { DocumentNode } from 'graphql';
import type { OperationRecord } from './operation-record.js';

/** How Studio knows an operation: by its name and its text without literals, aliases and order. */
export interface SignedOperation {
  readonly key: string;
  readonly referencedFieldsByType: ReferencedFieldsByType;
}

/** Goes with the documents that the engine keeps. */
const known = new WeakMap<DocumentNode, Map<string, SignedOperation>>();

/** Computed once per document and operation. */
export function signed(operation: OperationRecord['operation']): SignedOperation {
  if (typeof operation === 'string') return { key: `## ${operation}\n`, referencedFieldsByType: {} };
  const { document, name = '', schema } = operation;
  const operations = known.get(document) ?? new Map<string, SignedOperation>();
  known.set(document, operations);
  let found = operations.get(name);
  if (!found) {
    found = {
      key: `# ${name || '-'}\n${usageReportingSignature(document, name)}`,
      referencedFieldsByType: calculateReferencedFieldsByType({
        document,
        schema,
        resolvedOperationName: name || null,
      }),
    };
    operations.set(name, found);
  }
  return found;
}
