import type { Caller } from '@platform/auth';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { editableBy, Post, PostNotFound } from '../entities/index.js';

/** The post that the editor may change, locked until the transaction ends, so that versions are compared one after the other. @throws PostNotFound */
export async function findPostForUpdate(tx: EntityManager, editor: Caller, id: string): Promise<Post> {
  const where = { id, ...editableBy(editor) };
  const post = isUuid(id) ? await tx.findOne(Post, { where, lock: { mode: 'pessimistic_write' } }) : null;
  if (!post) throw new PostNotFound();
  return post;
}
