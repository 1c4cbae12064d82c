import { CodedError, Conflict } from '@platform/foundation/errors';

/** No such post, or none that the caller may know of. */
export class PostNotFound extends CodedError {
  constructor() {
    super('POST_NOT_FOUND', 'There is no such post.');
  }
}

/** Only a published post can be archived and commented on. */
export class PostNotPublished extends CodedError {
  constructor() {
    super('POST_NOT_PUBLISHED', 'The post is not published.');
  }
}

/** No such comment, or none that the caller may delete. */
export class CommentNotFound extends CodedError {
  constructor() {
    super('COMMENT_NOT_FOUND', 'There is no such comment.');
  }
}

/** The post has changed since the caller read it; `currentVersion` is what it has become. */
export class StaleVersion extends Conflict {
  constructor(currentVersion: number) {
    super('The post has changed in the meantime. Read it again.', { currentVersion });
  }
}

/** The slug that the caller asks for belongs to another post. */
export class SlugTaken extends Conflict {
  constructor() {
    super('Another post has this slug.', { field: 'input.slug' });
  }
}

/** What is to be a post's cover image has not been sent, or was sent to be another post's. */
export class CoverImageNotFound extends CodedError {
  constructor() {
    super('COVER_IMAGE_NOT_FOUND', 'No image was sent. Send it to the link that uploadCoverImage answers.');
  }
}

/** All that a user may have in cover images is in use, or promised to links that they were given. */
export class CoverQuotaExceeded extends CodedError {
  constructor(quota: number) {
    super(
      'COVER_QUOTA_EXCEEDED',
      `Your cover images may take ${quota} bytes in all. Remove one, or wait a day for what was not used.`,
    );
  }
}

/** What was sent is no image of the type that it was said to be. */
export class CoverImageUnreadable extends CodedError {
  constructor(type: string) {
    super('COVER_IMAGE_UNREADABLE', `What was sent is no ${type}. Ask for another link, and send the image again.`);
  }
}
