import type { EntityManager } from 'typeorm';
import { numberedSlug, Post, SlugTaken, slugFamily, slugOf } from '../entities/index.js';

/**
 * A free slug for the title: `title`, `title-2`, `title-3` … It stays free until the transaction ends. A free number is found by doubling
 * and halving, so that thousands of posts of one title cost a dozen look-ups, not thousands.
 */
export async function freeSlug(tx: EntityManager, tenantId: string, title: string): Promise<string> {
  const slug = slugOf(title);
  await holdFamily(tx, slug);
  const isTaken = (number: number) => tx.existsBy(Post, { tenantId, slug: numberedSlug(slug, number) });
  if (!(await isTaken(1))) return slug;
  let [taken, free] = [1, 2];
  while (await isTaken(free)) [taken, free] = [free, 2 * free];
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (await isTaken(middle)) taken = middle;
    else free = middle;
  }
  return numberedSlug(slug, free);
}

/** Makes sure that no other post has the slug until the transaction ends. @throws SlugTaken when one has it. */
export async function claimSlug(tx: EntityManager, tenantId: string, slug: string, ownerId?: string): Promise<void> {
  await holdFamily(tx, slug);
  const owner = await tx.findOne(Post, { select: { id: true }, where: { tenantId, slug } });
  if (owner && owner.id !== ownerId) throw new SlugTaken();
}

/** One transaction at a time chooses among slugs that differ by their number alone. */
async function holdFamily(tx: EntityManager, slug: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`blog.slug:${slugFamily(slug)}`]);
}
