export { AddCommentInput } from './comment.inputs.js';
export { CommentConnection, PostConnection } from './connections.js';
export { CoverImage, CoverImageUpload, UploadCoverImageInput } from './cover-image.js';
export { CreatePostInput, PostFilter, UpdatePostInput } from './post.inputs.js';
