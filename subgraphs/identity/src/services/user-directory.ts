import type { Caller } from '@platform/auth';
import { expensive } from '@platform/foundation/request-bounds';
import type { Database } from '@platform/postgres/database';
import {
  type ListOrder,
  type Page,
  type PageArguments,
  paginate,
  readingSlice,
  sliceOf,
} from '@platform/subgraph-server/graphql';
import { Not, type SelectQueryBuilder } from 'typeorm';
import { User, UserStatus } from '../entities/index.js';
import { knownAs } from '../entities/rules/index.js';
import { checkedSearch, matchingUsers, numberOfMatchingUsers, type Searched, type UserFilter } from './user-search.js';

const NEWEST_FIRST: ListOrder<User> = {
  columns: ['account.createdAt', 'account.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};

/** The text is part of what a user is searched by. */
const FOUND =
  'strpos(user_words(account.username, account.email, account.firstName, account.lastName), folded(:search)) > 0';

/** Finds users. Deleted ones are not there. */
export class UserDirectory {
  constructor(
    private readonly database: Database,
    /** Whether accounts belong to several organizations. */
    private readonly several: boolean,
  ) {}

  async byEmail(email: string): Promise<User | null> {
    const address = knownAs(email);
    if (address === undefined) return null;
    return this.database.read.findOneBy(User, { email: address, status: Not(UserStatus.DELETED) });
  }

  /** Members of the caller's organization, or every account for who may see those. @throws BadUserInput for paging arguments that make no sense */
  async list(caller: Caller, filter: UserFilter, page: PageArguments): Promise<Page<User>> {
    const search = checkedSearch(filter.search);
    if (this.several && !caller.permissions.has('identity.user.read_all')) {
      const members = this.narrowed(filter).andWhere('account.id IN (SELECT user_id FROM memberships)');
      if (search === undefined) return paginate(members, NEWEST_FIRST, page);
      // An organization has so few members that each is looked at.
      return expensive(() => paginate(members.andWhere(FOUND, { search }), NEWEST_FIRST, page));
    }
    if (search === undefined) return paginate(this.narrowed(filter), NEWEST_FIRST, page);
    return expensive(() => this.found({ ...filter, search }, page));
  }

  private narrowed({ status, emailVerified, createdAfter, createdBefore }: UserFilter): SelectQueryBuilder<User> {
    const query = this.database.read
      .createQueryBuilder(User, 'account')
      .where('account.status <> :deleted', { deleted: UserStatus.DELETED });
    if (status) query.andWhere('account.status = :status', { status });
    if (emailVerified != null) query.andWhere('account.emailVerified = :emailVerified', { emailVerified });
    if (createdAfter) query.andWhere('account.createdAt > :createdAfter', { createdAfter });
    if (createdBefore) query.andWhere('account.createdAt < :createdBefore', { createdBefore });
    return query;
  }

  /** A page of those who have the text as part of what they are searched by. */
  private async found(filter: Searched, page: PageArguments): Promise<Page<User>> {
    const { read } = this.database;
    const slice = sliceOf(page, NEWEST_FIRST.columns.length);
    const ids = await readingSlice(slice, () => matchingUsers(read, filter, slice));
    const query = read.createQueryBuilder(User, 'account').where('account.id = ANY (:ids)', { ids });
    return { ...(await paginate(query, NEWEST_FIRST, page)), count: () => numberOfMatchingUsers(read, filter) };
  }
}
