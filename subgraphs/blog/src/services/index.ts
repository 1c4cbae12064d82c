export * from './comment.service.js';
export * from './post.service.js';
export * from './post-search.js';
