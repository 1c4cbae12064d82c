import DataLoader from 'dataloader';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Page, PageArguments } from './connection.js';
import { Pace } from './pace.js';
import { type ListOrder, pageOf, readSlice, type Slice, sliceOf } from './pagination.js';
import { valueLoader } from './row-loader.js';

interface ListOfParent<Row extends ObjectLiteral> {
  /** The rows of all parents, without order and limit; rows have a unique `id`. */
  readonly query: () => SelectQueryBuilder<Row>;
  /** SQL expression for the key of a row's parent. */
  readonly parent: string;
  readonly parentOf: (row: Row) => string | null;
  readonly order: ListOrder<Row>;
}

/** Pages of a list that every parent has one of, such as a post's comments: one statement for all parents of a request that ask for the same slice. */
export class PageLoader<Row extends ObjectLiteral> {
  private readonly slices = new Map<string, DataLoader<string, Page<Row>>>();
  private readonly counts: DataLoader<string, number>;
  private readonly pace = new Pace();

  constructor(private readonly list: ListOfParent<Row>) {
    this.counts = valueLoader((parents) => this.countEach(parents), 0);
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
    const { parentOf, order } = this.list;
    const rows = await readSlice(this.ofParents(parents), order, slice, this.list.parent);
    const byParent = Map.groupBy(rows, parentOf);
    return parents.map((parent) =>
      pageOf(byParent.get(parent) ?? [], slice, order.valuesOf, () => this.counts.load(parent)),
    );
  }

  private async countEach(parents: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.ofParents(parents)
      .select(this.list.parent, 'parent')
      .addSelect('count(*)::int', 'count')
      .groupBy(this.list.parent)
      .getRawMany<{ parent: string; count: number }>();
    return new Map(rows.map(({ parent, count }) => [parent, count]));
  }

  private ofParents(parents: readonly string[]): SelectQueryBuilder<Row> {
    return this.list.query().andWhere(`${this.list.parent} = ANY(:parents)`, { parents });
  }
}
