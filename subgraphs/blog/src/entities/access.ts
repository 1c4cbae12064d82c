import type { Caller, PermissionCode } from '@platform/auth';
import { type FindOptionsWhere, In } from 'typeorm';
import type { Comment } from './comment.entity.js';
import type { Post } from './post.entity.js';
import { PostStatus } from './post-status.js';

const MODERATE_POSTS: PermissionCode = 'blog.post.moderate';
const MODERATE_COMMENTS: PermissionCode = 'blog.comment.moderate';
const NOBODY = In<string>([]);

/** The posts that the caller may read, given the permission to read any: published ones and their own; moderators every one. */
export const readableBy = ({ userId, permissions }: Caller): FindOptionsWhere<Post>[] =>
  permissions.has(MODERATE_POSTS) ? [{}] : [{ status: PostStatus.PUBLISHED }, { authorId: userId ?? NOBODY }];

/** The posts of one status that the caller may read, without a condition that this status makes redundant: it would keep lists from their index. */
export const listableBy = ({ userId, permissions }: Caller, status: PostStatus): FindOptionsWhere<Post> =>
  status === PostStatus.PUBLISHED || permissions.has(MODERATE_POSTS)
    ? { status }
    : { status, authorId: userId ?? NOBODY };

/** The posts that the caller may change, given the permission to change any: their own; moderators every one. */
export const editableBy = ({ userId, permissions }: Caller): FindOptionsWhere<Post> =>
  permissions.has(MODERATE_POSTS) ? {} : { authorId: userId ?? NOBODY };

/** The comments that the caller may delete: their own; moderators every one. */
export const deletableBy = ({ userId, permissions }: Caller): FindOptionsWhere<Comment> =>
  permissions.has(MODERATE_COMMENTS) ? {} : { authorId: userId ?? NOBODY };
