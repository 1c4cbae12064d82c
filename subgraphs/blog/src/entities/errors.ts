import { CodedError, Conflict } from '@platform/kernel/errors';

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
