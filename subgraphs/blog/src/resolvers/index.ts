export * from './comment.resolver.js';
export * from './cover-image.resolver.js';
export * from './post.resolver.js';
export * from './references.js';
export * from './tag.resolver.js';
export * from './user.resolver.js';
