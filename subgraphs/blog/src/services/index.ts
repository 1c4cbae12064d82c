export * from './comment.service.js';
export * from './cover-image.service.js';
export * from './cover-images.js';
export * from './cover-quota.js';
export * from './post.service.js';
export * from './post-search.js';
