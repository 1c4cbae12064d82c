import type { ListedOperation, OperationCheck, OperationMistake } from '@platform/router';

/** An operation of a manifest that would not be answered, and why. */
export interface FailedOperation {
  readonly operation: ListedOperation;
  readonly mistakes: readonly OperationMistake[];
}

export const failedOperations = (operations: readonly ListedOperation[], check: OperationCheck): FailedOperation[] =>
  operations.flatMap((operation) => {
    const mistakes = check.mistakes(operation);
    return mistakes.length > 0 ? [{ operation, mistakes }] : [];
  });

/** Sorted by the name of the client whose operations they are. */
export function byClient(failed: readonly FailedOperation[]): [string, FailedOperation[]][] {
  const groups = Map.groupBy(failed, ({ operation }) => operation.clientName ?? 'every client');
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}

export const describeOperation = ({ operation: { id, name, file }, mistakes }: FailedOperation): string =>
  `${name ?? 'anonymous'} (${id}, ${file}): ${mistakes.map(({ code, message }) => `${code} ${message}`).join('; ')}`;
