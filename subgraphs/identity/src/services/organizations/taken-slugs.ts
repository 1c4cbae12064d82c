import { Conflict } from '@platform/foundation/errors';
import { isUniqueViolation } from '@platform/postgres/database';
import { v7 as uuidv7 } from 'uuid';
import { suggestedSlug } from '../../entities/rules/index.js';

const SLUG_KEY = 'organizations_slug_key';

/** Makes an organization under the slug that its name suggests, or with a suffix where that is taken. @throws Conflict */
export function underFreeSlug<T>(name: string, create: (slug: string) => Promise<T>): Promise<T> {
  const slug = suggestedSlug(name);
  return create(slug).catch((error) =>
    isUniqueViolation(error, SLUG_KEY) ? mapTakenSlug(create(`${slug}-${uuidv7().slice(-6)}`)) : Promise.reject(error),
  );
}

/** Maps a taken slug to the input field. @throws Conflict */
export function mapTakenSlug<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    if (isUniqueViolation(error, SLUG_KEY)) throw new Conflict('This slug is taken.', { field: 'input.slug' });
    throw error;
  });
}
