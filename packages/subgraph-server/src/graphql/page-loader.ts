import { countRowsOfEach, readRowsOfEach } from '@platform/postgres/database';
import DataLoader from 'dataloader';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Page, PageArguments } from './connection.js';
import { Pace } from './pace.js';
import { type ListOrder, MAX_COUNT, pageOf, readingSlice, type Slice, sliced, sliceOf } from './pagination.js';
import { valueLoader } from './row-loader.js';

interface ListOfParent<Row extends ObjectLiteral> {
  /** The rows of all parents, without order and limit. */
  readonly query: () => SelectQueryBuilder<Row>;
  /** The property that has the key of a row's parent. The list is read by an index of it and the order. */
  readonly parent: keyof Row & string;
  readonly order: ListOrder<Row>;
}

/** Pages of a list that every parent has one of, such as a post's comments: one statement for all parents of a request that ask for the same slice, of each of which it reads the slice alone. */
export class PageLoader<Row extends ObjectLiteral> {
  private readonly slices = new Map<string, DataLoader<string, Page<Row>>>();
  private readonly counts: DataLoader<string, number>;
  private readonly pace = new Pace();

  constructor(private readonly list: ListOfParent<Row>) {
    this.counts = valueLoader((parents) => countRowsOfEach(list.query(), list.parent, parents, MAX_COUNT), 0);
  }

  /** @throws BadUserInput for paging arguments that `paginate` refuses, too. */
  async load(parent: string, args: PageArguments): Promise<Page<Row>> {
    const slice = sliceOf(args, this.list.order.columns.length);
    const key = JSON.stringify(slice);
    const loader = this.slices.get(key) ?? new DataLoader((parents) => this.readEach(parents, slice), { cache: false });
    this.slices.set(key, loader);
    const page = await loader.load(parent);
    const turn = this.pace.take(page.edges.length);
    if (turn) await turn;
    return page;
  }

  private async readEach(parents: readonly string[], slice: Slice): Promise<Page<Row>[]> {
    const { query, parent, order } = this.list;
    const rows = await readingSlice(slice, () =>
      readRowsOfEach(sliced(query(), order, slice), parent, [...new Set(parents)]),
    );
    return parents.map((key) => pageOf(rows.get(key) ?? [], slice, order.valuesOf, () => this.counts.load(key)));
  }
}
