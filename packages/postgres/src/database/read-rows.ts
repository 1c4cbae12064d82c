import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { CUSTOM_PLAN } from './prepared-statements.js';

type Raw = Record<string, unknown>;

/**
 * Has PostgreSQL plan the query for its values, each time. A plan for any value, which it else goes over to after some uses, is the wrong one
 * where values differ in how many rows they stand for, as words, tags and authors do.
 */
export const plannedForItsValues = <Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
): SelectQueryBuilder<Row> => query.comment(CUSTOM_PLAN);

/** The rows that a query of one entity, without joined ones, selects. What it selects beside columns is in them by its alias; what it does not is undefined. */
export const readRows = async <Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Promise<Row[]> => {
  const read = rowReader(query);
  return (await query.getRawMany<Raw>()).map(read);
};

/** The same for each key of `parent`, a property of the entity: the query's order and limit hold for the rows of each, of which no more are read. */
export async function readRowsOfEach<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  parent: string,
  keys: readonly string[],
): Promise<Map<string, Row[]>> {
  const read = rowReader(query);
  const raws = await ofEach(query, parent, keys, (text) => text);
  return new Map([...Map.groupBy(raws, ({ key }) => key)].map(([key, rows]) => [key, rows.map(read)]));
}

/** How many rows the query finds; `most` stands for that many, or more. */
export async function countRows<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  most: number,
): Promise<number> {
  const [text, values] = bounded(query, most).getQueryAndParameters();
  const [row] = await query.connection.query<[{ count: number }]>(counting(text), values);
  return row.count;
}

/** The same for each key of `parent`. */
export async function countRowsOfEach<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  parent: string,
  keys: readonly string[],
  most: number,
): Promise<Map<string, number>> {
  const counts = await ofEach(bounded(query, most), parent, keys, counting);
  return new Map(counts.map(({ key, count }) => [key, count as number]));
}

const bounded = <Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, most: number): SelectQueryBuilder<Row> =>
  query.select('1', 'one').limit(most);

const counting = (text: string): string => `SELECT count(*)::int AS count FROM (${text}) AS counted`;

/** Rows of one key come one after the other: the inner query is executed for one key at a time. */
function ofEach<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  parent: string,
  keys: readonly string[],
  statement: (text: string) => string,
): Promise<(Raw & { readonly key: string })[]> {
  const [text, values] = query.andWhere(`${query.alias}.${parent} = parent.key`).getQueryAndParameters();
  const { type } = query.expressionMap.mainAlias?.metadata.findColumnWithPropertyName(parent) ?? {};
  return query.connection.query(
    `SELECT parent.key, of_parent.* FROM unnest($${values.length + 1}::${String(type)}[]) AS parent (key)
      CROSS JOIN LATERAL (${statement(text)}) AS of_parent`,
    [...values, keys],
  );
}

function rowReader<Row extends ObjectLiteral>({ alias, expressionMap, connection }: SelectQueryBuilder<Row>) {
  const metadata = expressionMap.mainAlias?.metadata;
  if (!metadata) throw new Error('The query is of no entity');
  const columns = new Map(metadata.columns.map((column) => [`${alias}_${column.databaseName}`, column]));
  return (raw: Raw): Row => {
    const row = metadata.create() as Record<string, unknown>;
    for (const [name, value] of Object.entries(raw)) {
      const column = columns.get(name);
      if (column) column.setEntityValue(row, connection.driver.prepareHydratedValue(value, column));
      else row[name] = value;
    }
    return row as Row;
  };
}
