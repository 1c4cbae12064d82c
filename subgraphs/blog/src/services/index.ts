export { CommentService } from './comment.service.js';
export { CoverImageService } from './cover-image.service.js';
export { CoverImages } from './cover-images.js';
export { CoverQuota } from './cover-quota.js';
export { PostService } from './post.service.js';
export { PostSearch } from './post-search.js';
