import { commentAdded, postPublished } from '@platform/contracts';
import { defineSubgraph, type SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import { type BlogConfig, blogSections } from './config.js';
import { Comment, CoverUpload, Post, TagCount } from './entities/index.js';
import { anonymiseAuthorWhenUserDeleted } from './events/anonymise-author-when-user-deleted.js';
import { eraseEventCopiesWhenUserDeleted } from './events/erase-event-copies-when-user-deleted.js';
import { erasePostsWhenOrganizationErased } from './events/erase-posts-when-organization-erased.js';
import { blogLoaders } from './loaders/index.js';
import { access, repeatable, targets } from './permissions.js';
import {
  CommentResolver,
  CoverImageResolver,
  PostResolver,
  references,
  TagResolver,
  UserResolver,
} from './resolvers/index.js';
import {
  CommentService,
  CoverImageService,
  CoverImages,
  CoverQuota,
  PostSearch,
  PostService,
} from './services/index.js';

type Infrastructure = SubgraphInfrastructure<{ blog: BlogConfig }>;

/** Posts with tags and comments: the feature to copy. */
export const blog = defineSubgraph({
  name: 'blog',
  entities: [Post, Comment, CoverUpload, TagCount],
  sections: blogSections,
  needs: ['api.publicUrl'],
  live: [postPublished, commentAdded],
  compose: ({ config, database, outbox, clock, live, blobs, errors }: Infrastructure) => {
    const covers = new CoverImages(blobs, clock, errors);
    const quota = new CoverQuota(clock, config.blog.coverQuota);
    const posts = new PostService(database, outbox, clock, covers);
    const comments = new CommentService(database, outbox, clock);
    const coverImages = new CoverImageService(database, outbox, clock, covers, quota);
    const search = new PostSearch(database);

    return {
      resolvers: [
        new PostResolver(posts, search),
        new CoverImageResolver(coverImages, covers),
        new CommentResolver(comments),
        new TagResolver(search),
        new UserResolver(),
      ],
      references,
      access,
      targets,
      repeatable,
      loaders: blogLoaders(database, live),
      handlers: [
        anonymiseAuthorWhenUserDeleted(posts, comments),
        eraseEventCopiesWhenUserDeleted,
        erasePostsWhenOrganizationErased(coverImages),
      ],
    };
  },
});
