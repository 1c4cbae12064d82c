import type { Database } from '@platform/kernel/database';
import { checkedArgument, type ListOrder, type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { expensive } from '@platform/kernel/request-bounds';
import { search as aSearch, readCondition } from '@platform/kernel/text';
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
  list(filter: UserFilter, page: PageArguments): Promise<Page<User>> {
    const { search, status, emailVerified, createdAfter, createdBefore } = filter;
    const query = this.database.read
      .createQueryBuilder(User, 'account')
      .where('account.status <> :deleted', { deleted: UserStatus.DELETED });
    const words = checkedArgument('filter.search', () => readCondition(aSearch, search));
    if (words !== undefined) query.andWhere(SEARCH, { search: words });
    if (status) query.andWhere('account.status = :status', { status });
    if (emailVerified != null) query.andWhere('account.emailVerified = :emailVerified', { emailVerified });
    if (createdAfter) query.andWhere('account.createdAt > :createdAfter', { createdAfter });
    if (createdBefore) query.andWhere('account.createdAt < :createdBefore', { createdBefore });
    const users = () => paginate(query, NEWEST_FIRST, page);
    return words === undefined ? users() : expensive(users);
  }
}

const WORDS = 'user_words(account.username, account.email, account.firstName, account.lastName)';

/** As part of what a user is searched by, in any case and without regard to accents. The index knows every two characters in a row. */
const SEARCH = `grams(${WORDS}) @> (SELECT grams(folded(:search))) AND strpos(${WORDS}, (SELECT folded(:search))) > 0`;
