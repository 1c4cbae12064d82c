import { slug as aSlug, tag as aTag, title as aTitle } from '@platform/foundation/text';
import { text, textOf } from '@platform/subgraph-server/graphql';
import { z } from 'zod';

const title = textOf(aTitle);
const content = text(100_000);
const slug = textOf(aSlug);
const tags = z
  .array(textOf(aTag))
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
