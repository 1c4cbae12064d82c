export { deletableBy, editableBy, listableBy, readableBy } from './access.js';
export { authorIdOf } from './author-id.js';
export { Comment } from './comment.entity.js';
export { type ContentPart, contentPartFor, ofEachPart, withContent } from './content-part.js';
export { COVER_TYPES, coverTypeOf, isImage, MAGIC_BYTES, MAX_COVER_SIZE, newCoverFile } from './cover-image.js';
export { CoverUpload } from './cover-upload.entity.js';
export {
  CommentNotFound,
  CoverImageNotFound,
  CoverImageUnreadable,
  CoverQuotaExceeded,
  PostNotFound,
  PostNotPublished,
  SlugTaken,
} from './errors.js';
export { excerptOf } from './excerpt.js';
export { BEST_MATCH_FIRST, NEWEST_FIRST, OLDEST_FIRST } from './list-order.js';
export { Post } from './post.entity.js';
export { PostStatus } from './post-status.js';
export { searchedWords } from './searched-words.js';
export { numberedSlug, slugFamily, slugOf } from './slug.js';
export { Tag, tagName } from './tag.entity.js';
export { TagCount } from './tag-count.entity.js';
export { authorOf, User } from './user.entity.js';
