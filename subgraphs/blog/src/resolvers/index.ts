export { CommentResolver } from './comment.resolver.js';
export { CoverImageResolver } from './cover-image.resolver.js';
export { PostResolver } from './post.resolver.js';
export { references } from './references.js';
export { TagResolver } from './tag.resolver.js';
export { UserResolver } from './user.resolver.js';
