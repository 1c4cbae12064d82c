import { commentAdded, postPublished } from '@platform/contracts';
import { defineSubgraph } from '@platform/kernel/subgraph';
import { Comment, Post } from './entities/index.js';
import { anonymiseAuthorWhenUserDeleted } from './events/anonymise-author-when-user-deleted.js';
import { blogLoaders } from './loaders/index.js';
import { access } from './permissions.js';
import {
  CommentResolver,
  CoverImageResolver,
  PostResolver,
  references,
  TagResolver,
  UserResolver,
} from './resolvers/index.js';
import { CommentService, CoverImageService, CoverImages, PostSearch, PostService } from './services/index.js';

/** Posts with tags and comments: the feature to copy. */
export const blog = defineSubgraph({
  name: 'blog',
  entities: [Post, Comment],
  sections: {},
  needs: ['api.publicUrl'],
  live: [postPublished, commentAdded],
  compose: ({ database, outbox, clock, live, blobs, errors }) => {
    const covers = new CoverImages(blobs, clock, errors);
    const posts = new PostService(database, outbox, clock, covers);
    const comments = new CommentService(database, outbox, clock);
    const search = new PostSearch(database);

    return {
      resolvers: [
        new PostResolver(posts, search),
        new CoverImageResolver(new CoverImageService(database, outbox, clock, covers), covers),
        new CommentResolver(comments),
        new TagResolver(search),
        new UserResolver(),
      ],
      references,
      access,
      loaders: blogLoaders(database, live),
      handlers: [anonymiseAuthorWhenUserDeleted(posts, comments)],
    };
  },
});
