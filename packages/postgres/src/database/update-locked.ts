import { isDeepStrictEqual } from 'node:util';
import type { EntityManager, ObjectLiteral } from 'typeorm';

/**
 * Lets `change` happen to a row that the transaction holds locked, and writes the columns to which it assigned another value. Answers what
 * `change` answers. For such a row it does what `save` does, without reading the row a second time to find out what is new.
 */
export async function updateLocked<Row extends ObjectLiteral, Answer>(
  tx: EntityManager,
  row: Row,
  change: (row: Row) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { target, columns, primaryColumns } = tx.connection.getMetadata(row.constructor);
  const key = primaryColumns.map(({ propertyName }) => [propertyName, row[propertyName]]);
  const before = { ...row };
  const answer = await change(row);
  const changed = columns
    .filter(({ propertyName }) => !isDeepStrictEqual(row[propertyName], before[propertyName]))
    .map(({ propertyName }) => [propertyName, row[propertyName]]);
  if (changed.length > 0) await tx.update(target, Object.fromEntries(key), Object.fromEntries(changed));
  return answer;
}
