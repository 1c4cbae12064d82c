export * from './comment.inputs.js';
export * from './connections.js';
export * from './cover-image.js';
export * from './post.inputs.js';
