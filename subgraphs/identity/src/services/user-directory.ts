import { expensive } from '@platform/foundation/request-bounds';
import { search as aSearch, readCondition } from '@platform/foundation/text';
import type { Database } from '@platform/postgres/database';
import {
  checkedArgument,
  type ListOrder,
  MAX_COUNT,
  type Page,
  type PageArguments,
  paginate,
  readingSlice,
  sliceOf,
} from '@platform/subgraph-server/graphql';
import { Not } from 'typeorm';
import { User, UserStatus } from '../entities/index.js';
import { knownAs } from '../entities/rules/index.js';

/** Which users to list; what is left out or null does not matter. */
export interface UserFilter {
  /** Part of the username, the address or a name, in any case. */
  readonly search?: string | null;
  readonly status?: UserStatus | null;
  readonly emailVerified?: boolean | null;
  readonly createdAfter?: Date | null;
  readonly createdBefore?: Date | null;
}

const NEWEST_FIRST: ListOrder<User> = {
  columns: ['account.createdAt', 'account.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};

/** Finds users. Deleted ones are not there. */
export class UserDirectory {
  constructor(private readonly database: Database) {}

  async byEmail(email: string): Promise<User | null> {
    const address = knownAs(email);
    if (address === undefined) return null;
    return this.database.read.findOneBy(User, { email: address, status: Not(UserStatus.DELETED) });
  }

  /** @throws BadUserInput for paging arguments that make no sense */
  async list(filter: UserFilter, page: PageArguments): Promise<Page<User>> {
    const words = checkedArgument('filter.search', () => readCondition(aSearch, filter.search));
    if (words !== undefined) return expensive(() => this.found(words, filter, page));

    const { status, emailVerified, createdAfter, createdBefore } = filter;
    const query = this.database.read
      .createQueryBuilder(User, 'account')
      .where('account.status <> :deleted', { deleted: UserStatus.DELETED });
    if (status) query.andWhere('account.status = :status', { status });
    if (emailVerified != null) query.andWhere('account.emailVerified = :emailVerified', { emailVerified });
    if (createdAfter) query.andWhere('account.createdAt > :createdAfter', { createdAfter });
    if (createdBefore) query.andWhere('account.createdAt < :createdBefore', { createdBefore });
    return paginate(query, NEWEST_FIRST, page);
  }

  /** A page of those who have the text as part of what they are searched by. No more of them are read than a few pages, however many there are. */
  private async found(search: string, filter: UserFilter, page: PageArguments): Promise<Page<User>> {
    const { status = null, emailVerified = null, createdAfter = null, createdBefore = null } = filter;
    const [{ condition }] = await this.database.read.query<[{ condition: string }]>(
      'SELECT users_with($1, $2, $3) AS condition',
      [search, status, emailVerified],
    );
    const matching = [condition, createdAfter, createdBefore];
    const slice = sliceOf(page, NEWEST_FIRST.columns.length);
    const [{ ids }] = await readingSlice(slice, () =>
      this.database.read.query<[{ ids: string[] }]>(
        'SELECT matching_users($1, $2, $3, $4, $5, $6, $7, $8, $9) AS ids',
        [
          ...matching,
          ...(slice.after ?? [null, null]),
          ...(slice.before ?? [null, null]),
          slice.backward,
          slice.size + 1,
        ],
      ),
    );
    const query = this.database.read.createQueryBuilder(User, 'account').where('account.id = ANY (:ids)', { ids });
    return { ...(await paginate(query, NEWEST_FIRST, page)), count: () => this.numberOf(matching) };
  }

  private async numberOf(matching: readonly unknown[]): Promise<number> {
    const [{ number }] = await this.database.read.query<[{ number: number }]>(
      'SELECT number_of_users($1, $2, $3, $4) AS number',
      [...matching, MAX_COUNT],
    );
    return number;
  }
}
