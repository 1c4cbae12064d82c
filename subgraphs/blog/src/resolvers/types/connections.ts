import { connectionOf } from '@platform/subgraph-server/graphql';
import { Comment, Post } from '../../entities/index.js';

/** Pages of posts. */
export const PostConnection = connectionOf(Post);
export type PostConnection = InstanceType<typeof PostConnection>;

/** Pages of comments. */
export const CommentConnection = connectionOf(Comment);
export type CommentConnection = InstanceType<typeof CommentConnection>;
