import { search as aSearch, readCondition } from '@platform/foundation/text';
import { checkedArgument, MAX_COUNT, type Slice } from '@platform/subgraph-server/graphql';
import type { EntityManager } from 'typeorm';
import type { UserStatus } from '../entities/index.js';

/** Which users to list; what is left out or null does not matter. */
export interface UserFilter {
  /** Part of the username, the address or a name, in any case. */
  readonly search?: string | null;
  readonly status?: UserStatus | null;
  readonly emailVerified?: boolean | null;
  readonly createdAfter?: Date | null;
  readonly createdBefore?: Date | null;
}

/** A filter with something that is searched. */
export type Searched = UserFilter & { readonly search: string };

/** What to search users by; undefined where nothing is searched. @throws BadUserInput */
export const checkedSearch = (text: string | null | undefined): string | undefined =>
  checkedArgument('filter.search', () => readCondition(aSearch, text));

const conditions = ({ search, status, emailVerified, createdAfter, createdBefore }: Searched): unknown[] => [
  search,
  status ?? null,
  emailVerified ?? null,
  createdAfter ?? null,
  createdBefore ?? null,
];

/** The ids of those who have the text as part of what they are searched by: the slice of the list, and one more. No more of them are read than a few times as many, however many there are. */
export async function matchingUsers(
  read: EntityManager,
  filter: Searched,
  { size, backward, after, before }: Slice,
): Promise<string[]> {
  const [{ ids }] = await read.query<[{ ids: string[] }]>(
    'SELECT matching_users($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS ids',
    [...conditions(filter), ...(after ?? [null, null]), ...(before ?? [null, null]), backward, size + 1],
  );
  return ids;
}

/** How many they are, as far as they are counted. */
export async function numberOfMatchingUsers(read: EntityManager, filter: Searched): Promise<number> {
  const [{ number }] = await read.query<[{ number: number }]>(
    'SELECT number_of_users($1, $2, $3, $4, $5, $6) AS number',
    [...conditions(filter), MAX_COUNT],
  );
  return number;
}
