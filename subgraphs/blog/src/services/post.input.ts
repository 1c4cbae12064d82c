import { text } from '@platform/kernel/graphql';
import { z } from 'zod';
import { MAX_SLUG_LENGTH, SLUG, tagName } from '../entities/index.js';

const title = z.string().trim().pipe(text(200));
const content = text(100_000);
const slug = z
  .string()
  .max(MAX_SLUG_LENGTH, `At most ${MAX_SLUG_LENGTH} characters.`)
  .regex(SLUG, 'Lower-case letters and digits, joined by single hyphens.');
const tags = z
  .array(z.string().transform(tagName).pipe(text(50)))
  .transform((names) => [...new Set(names)])
  .refine((names) => names.length <= 10, 'At most 10 tags.');

/** What a new post may say. Without a slug, one is derived from the title. */
export const newPost = z.object({
  title,
  content,
  tags: tags.nullish().transform((names) => names ?? []),
  slug: slug.nullish(),
});

/** What an edit may say. What is left out, or null, stays as it is. */
export const postEdit = z
  .object({
    title: title.nullish(),
    content: content.nullish(),
    tags: tags.nullish(),
    slug: slug.nullish(),
    version: z.int(),
  })
  .transform(({ version, ...changes }) => ({ version, changes: withoutNulls(changes) }));

function withoutNulls<T extends object>(changes: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value != null)) as never;
}
