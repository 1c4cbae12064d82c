import { type AccessRules, everyone, permission } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, type Targets } from '@platform/subgraph-server/subgraph';

const readers = permission('blog.post.read');
const editors = permission('blog.post.update', 'blog.post.moderate');

/** Who may reach what, whichever way it is reached. Which posts those are is decided by the queries. */
export const access: AccessRules = {
  Query: { post: readers, postBySlug: readers, posts: readers, tags: readers },
  Mutation: {
    createPost: permission('blog.post.create'),
    updatePost: editors,
    publishPost: permission('blog.post.publish', 'blog.post.moderate'),
    archivePost: permission('blog.post.publish', 'blog.post.moderate'),
    deletePost: permission('blog.post.delete', 'blog.post.moderate'),
    uploadCoverImage: editors,
    setCoverImage: editors,
    removeCoverImage: editors,
    addComment: permission('blog.comment.create'),
    deleteComment: permission('blog.comment.create', 'blog.comment.moderate'),
  },
  Subscription: { postPublished: readers, commentAdded: readers },
  Post: readers,
  PostConnection: readers,
  PostEdge: readers,
  CoverImage: readers,
  CoverImageUpload: editors,
  UploadHeader: editors,
  Comment: readers,
  CommentConnection: readers,
  CommentEdge: readers,
  Tag: readers,
  User: { id: everyone, posts: readers },
};

/** Posts and comments are changed here, never the people who wrote them. */
export const targets: Targets = {
  createPost: actsOnNoUser,
  updatePost: actsOnNoUser,
  publishPost: actsOnNoUser,
  archivePost: actsOnNoUser,
  deletePost: actsOnNoUser,
  uploadCoverImage: actsOnNoUser,
  setCoverImage: actsOnNoUser,
  removeCoverImage: actsOnNoUser,
  addComment: actsOnNoUser,
  deleteComment: actsOnNoUser,
};

export const repeatable = {
  uploadCoverImage: 'it answers a link that lets whoever has it upload, and another one changes nothing',
};
