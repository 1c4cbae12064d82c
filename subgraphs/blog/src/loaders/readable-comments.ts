import type { Caller } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Comment } from '../entities/index.js';
import { readablePosts } from './readable-posts.js';

/** Reads comments by id. Whoever may not read the post may not read what is said to it. */
export const readableComments =
  (database: Database, reader: Caller) =>
  async (ids: readonly string[]): Promise<Comment[]> => {
    const comments = await database.read.findBy(Comment, { id: In(ids.filter((id) => isUuid(id))) });
    const posts = await readablePosts(database, reader, 'id', 'none')(comments.map(({ postId }) => postId));
    const readable = new Set(posts.map(({ id }) => id));
    return comments.filter(({ postId }) => readable.has(postId));
  };
