import { isUniqueViolation, plannedForItsValues } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { numberedSlug, Post, SlugTaken, slugFamily } from '../entities/index.js';

/**
 * Writes the post, of a slug that only its title has suggested under the next free one: `title`, `title-2`, `title-3` … Whether a slug is
 * free is found by writing it, so that a post costs one statement as a rule. The post has the author that the database has kept: none once
 * their account is gone.
 */
export async function insertUnderFreeSlug(tx: EntityManager, post: Post): Promise<void> {
  if (await inserted(tx, post)) return;
  const suggested = post.slug;
  await holdFamily(tx, post.tenantId, suggested);
  do post.slug = await nextFree(tx, post.tenantId, suggested);
  while (!(await inserted(tx, post)));
}

/** Writes the post under the slug that its author has chosen. @throws SlugTaken */
export async function insertUnderChosenSlug(tx: EntityManager, post: Post): Promise<void> {
  if (!(await inserted(tx, post))) throw new SlugTaken();
}

/** Of a change that may give a post another slug. @throws SlugTaken when another post has it */
export async function rejectTakenSlug<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    if (isUniqueViolation(error, 'post_slug')) throw new SlugTaken();
    throw error;
  }
}

/** Waits for whoever is writing a post of the same slug. @returns false when they have written it. */
async function inserted(tx: EntityManager, post: Post): Promise<boolean> {
  const insert = tx.createQueryBuilder().insert().into(Post).values(post).orIgnore().returning('author_id');
  const { raw } = await insert.updateEntity(false).execute();
  const [kept] = raw as { author_id: string | null }[];
  if (kept) post.authorId = kept.author_id;
  return kept !== undefined;
}

/** By doubling and halving, so that thousands of posts of one title cost a dozen look-ups, not thousands. */
async function nextFree(tx: EntityManager, tenantId: string, slug: string): Promise<string> {
  const isTaken = (number: number) => {
    const among = { tenantId, slug: numberedSlug(slug, number) };
    return plannedForItsValues(tx.createQueryBuilder(Post, 'post').where(among)).getExists();
  };
  let [taken, free] = [1, 2];
  while (await isTaken(free)) [taken, free] = [free, 2 * free];
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (await isTaken(middle)) taken = middle;
    else free = middle;
  }
  return numberedSlug(slug, free);
}

/** One transaction at a time chooses among slugs that differ by their number alone. */
async function holdFamily(tx: EntityManager, tenantId: string, slug: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`blog.slug:${tenantId}:${slugFamily(slug)}`]);
}
