import { selectedFields } from '@platform/subgraph-server/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { validate as isUuid } from 'uuid';
import { type Comment, contentPartFor, type Post, Tag, tagName, User } from '../entities/index.js';
import type { BlogContext } from '../loaders/index.js';

/** Answers the entities that other subgraphs refer to by their keys; null for what the caller may not know of. */
export const references = {
  Post: ({ id }: { id: string }, { loaders }: BlogContext, info: GraphQLResolveInfo): Promise<Post | null> =>
    loaders.postById(contentPartFor(selectedFields(info, 'Post'))).load(id),
  Comment: ({ id }: { id: string }, { loaders }: BlogContext): Promise<Comment | null> => loaders.commentById.load(id),
  Tag: async ({ name }: { name: string }, { loaders }: BlogContext): Promise<Tag | null> => {
    const known = tagName(name);
    return known !== undefined && (await loaders.postCountByTag.load(known)) > 0 ? new Tag(known) : null;
  },
  User: ({ id }: { id: string }): User | null => (isUuid(id) ? new User(id) : null),
};
