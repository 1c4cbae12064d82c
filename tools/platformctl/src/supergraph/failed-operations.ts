import type { ListedOperation, OperationCheck, OperationMistake } from '@platform/router';

/** An operation of a manifest that would not be answered, and why. */
export interface FailedOperation {
  readonly operation: ListedOperation;
  readonly mistakes: readonly OperationMistake[];
}

export async function failedOperations(
  operations: readonly ListedOperation[],
  check: OperationCheck,
): Promise<FailedOperation[]> {
  const failed: FailedOperation[] = [];
  for (const operation of operations) {
    const mistakes = await check.mistakes(operation);
    if (mistakes.length > 0) failed.push({ operation, mistakes });
  }
  return failed;
}

/** Sorted by the name of the client whose operations they are. */
export function byClient(failed: readonly FailedOperation[]): [string, FailedOperation[]][] {
  const groups = Map.groupBy(failed, ({ operation }) => operation.clientName ?? 'every client');
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}

export const describeOperation = ({ operation: { id, name, file }, mistakes }: FailedOperation): string =>
  `${name ?? 'anonymous'} (${id}, ${file}): ${mistakes.map(({ code, message }) => `${code} ${message}`).join('; ')}`;
