import { registerEnumType } from 'type-graphql';

/** Where a post stands: written, readable by everyone, or taken out of sight again. */
export const PostStatus = { DRAFT: 'DRAFT', PUBLISHED: 'PUBLISHED', ARCHIVED: 'ARCHIVED' } as const;
export type PostStatus = keyof typeof PostStatus;

registerEnumType(PostStatus, { name: 'PostStatus' });
