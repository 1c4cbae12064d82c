import type { SelectQueryBuilder } from 'typeorm';
import { EXCERPT_SOURCE } from './excerpt.js';
import type { Post } from './post.entity.js';

/** How much of a post's content, which is long, is read: as much as is asked for. */
export type ContentPart = 'none' | 'beginning' | 'whole';

/** What the fields of a post need of its content. */
export const contentPartFor = (fields: ReadonlySet<string>): ContentPart => {
  if (fields.has('content')) return 'whole';
  return fields.has('excerpt') ? 'beginning' : 'none';
};

/** Selects posts, the alias being `post`, with no more of their content. */
export function withContent(query: SelectQueryBuilder<Post>, part: ContentPart): SelectQueryBuilder<Post> {
  if (part === 'whole') return query;
  const columns = query.expressionMap.mainAlias?.metadata.columns ?? [];
  query.select(
    columns
      .filter(({ isSelect, propertyName }) => isSelect && propertyName !== 'content')
      .map(({ propertyName }) => `post.${propertyName}`),
  );
  return part === 'none' ? query : query.addSelect(`left(post.content, ${EXCERPT_SOURCE})`, 'post_content');
}

/** What is made once for each part. */
export function ofEachPart<T>(make: (part: ContentPart) => T): (part: ContentPart) => T {
  const made = new Map<ContentPart, T>();
  return (part) => {
    const one = made.get(part) ?? make(part);
    made.set(part, one);
    return one;
  };
}
