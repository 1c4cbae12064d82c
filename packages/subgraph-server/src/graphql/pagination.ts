import { BadUserInput } from '@platform/foundation/errors';
import { countRows, readRows } from '@platform/postgres/database';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Page, PageArguments, PageInfo } from './connection.js';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;
/** As far as a list is counted. */
export const MAX_COUNT = 10_000;
const NO_CURSOR = 'This is no cursor of this list.';

/** A cursor's values, one per order column, as PostgreSQL reads them. */
export type CursorValues = readonly (string | number)[];

type ValuesOf<Row> = (row: Row) => readonly (string | number | Date)[];

/** How a list is ordered: every column in the same direction, the last one unique. */
export interface ListOrder<Row extends ObjectLiteral> {
  /** SQL expressions over the query's aliases; use timestamptz(3) columns, as a JavaScript Date has milliseconds. */
  readonly columns: readonly string[];
  readonly direction: 'ASC' | 'DESC';
  /** The row's values of those columns. */
  readonly valuesOf: ValuesOf<Row>;
  /** Expressions among them by the names by which `valuesOf` finds them in the rows. */
  readonly computed?: Readonly<Record<string, string>>;
}

/** The slice of a list that paging arguments ask for. */
export interface Slice {
  readonly size: number;
  readonly backward: boolean;
  readonly after: CursorValues | undefined;
  readonly before: CursorValues | undefined;
}

/** @throws BadUserInput for both `first` and `last`, a negative or too large size, and a cursor that is none. */
export function sliceOf({ first, after, last, before }: PageArguments, width: number): Slice {
  if (first != null && last != null) throw new BadUserInput({ last: 'Give first or last, not both.' });
  const [name, size] = last == null ? ['first', first ?? DEFAULT_SIZE] : ['last', last];
  if (size < 0 || size > MAX_SIZE) throw new BadUserInput({ [name as string]: `Between 0 and ${MAX_SIZE}.` });
  return {
    size: size as number,
    backward: last != null,
    after: after == null ? undefined : decodeCursor(after, 'after', width),
    before: before == null ? undefined : decodeCursor(before, 'before', width),
  };
}

/** One page of what the query selects. The query must have no order and no limit of its own. */
export async function paginate<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: ListOrder<Row>,
  args: PageArguments,
): Promise<Page<Row>> {
  const slice = sliceOf(args, order.columns.length);
  const counted = query.clone();
  const rows = await readingSlice(slice, () => readRows(sliced(query, order, slice)));
  return pageOf(rows, slice, order.valuesOf, () => countRows(counted.clone(), MAX_COUNT));
}

/** The query of the slice's rows and one more when there is one, from the slice's end backwards when it is one from the end. */
export function sliced<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: ListOrder<Row>,
  slice: Slice,
): SelectQueryBuilder<Row> {
  const direction = slice.backward ? reversed(order.direction) : order.direction;
  restrict(query, order, slice);
  for (const [name, expression] of Object.entries(order.computed ?? {})) query.addSelect(expression, name);
  for (const column of order.columns) query.addOrderBy(column, direction);
  return query.limit(slice.size + 1);
}

/** @throws BadUserInput for a cursor that PostgreSQL cannot read. */
export async function readingSlice<Rows>(slice: Slice, read: () => Promise<Rows>): Promise<Rows> {
  try {
    return await read();
  } catch (error) {
    throw refusedCursor(error, slice) ?? error;
  }
}

/** SQLSTATE class 22: the cursor's values are not of the columns' types. */
function refusedCursor(error: unknown, { after, before }: Slice): BadUserInput | undefined {
  const { code } = error as { code?: string };
  if (!code?.startsWith('22') || !(after || before)) return undefined;
  return new BadUserInput({ [after ? 'after' : 'before']: NO_CURSOR });
}

/** Cuts the extra row that tells of a further page, and puts the rows in list order. */
export function pageOf<Row>(
  rows: readonly Row[],
  slice: Slice,
  valuesOf: ValuesOf<Row>,
  count: () => Promise<number>,
): Page<Row> {
  const more = rows.length > slice.size;
  const kept = rows.slice(0, slice.size);
  if (slice.backward) kept.reverse();
  const cursorOf = (node: Row | undefined) => (node === undefined ? null : encodeCursor(valuesOf(node)));
  // Few ask for the cursor of every row.
  const edges = kept.map((node) => ({
    get cursor() {
      return encodeCursor(valuesOf(node));
    },
    node,
  }));
  const pageInfo: PageInfo = {
    hasNextPage: slice.backward ? slice.before !== undefined : more,
    hasPreviousPage: slice.backward ? more : slice.after !== undefined,
    get startCursor() {
      return cursorOf(kept[0]);
    },
    get endCursor() {
      return cursorOf(kept.at(-1));
    },
  };
  return { edges, pageInfo, count };
}

function restrict<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  order: ListOrder<Row>,
  slice: Slice,
): void {
  const columns = order.columns.join(', ');
  const beyond = order.direction === 'ASC' ? '>' : '<';
  const until = order.direction === 'ASC' ? '<' : '>';
  for (const [name, values, operator] of [
    ['after', slice.after, beyond],
    ['before', slice.before, until],
  ] as const) {
    if (!values) continue;
    const names = values.map((_, index) => `:${name}${index}`);
    query.andWhere(
      `(${columns}) ${operator} (${names.join(', ')})`,
      Object.fromEntries(values.map((value, index) => [`${name}${index}`, value])),
    );
  }
}

const reversed = (direction: 'ASC' | 'DESC'): 'ASC' | 'DESC' => (direction === 'ASC' ? 'DESC' : 'ASC');

/** An opaque cursor for the given order values. */
export const encodeCursor = (values: readonly (string | number | Date)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

function decodeCursor(cursor: string, argument: string, width: number): CursorValues {
  try {
    const values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === width && values.every(isScalar)) return values;
  } catch {}
  throw new BadUserInput({ [argument]: NO_CURSOR });
}

const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
