import type { EntityManager } from 'typeorm';
import { Like } from 'typeorm';
import { firstFree, Post, SlugTaken, slugFamily, slugOf } from '../entities/index.js';

/** A free slug for the title: `title`, `title-2`, `title-3` … It stays free until the transaction ends. */
export async function freeSlug(tx: EntityManager, tenantId: string, title: string): Promise<string> {
  const slug = slugOf(title);
  await holdFamily(tx, slug);
  const neighbours = await tx.find(Post, {
    select: { slug: true },
    where: [
      { tenantId, slug },
      { tenantId, slug: Like(`${slug}-%`) },
    ],
  });
  return firstFree(slug, new Set(neighbours.map((post) => post.slug)));
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
