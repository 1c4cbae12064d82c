import { CodedError, Conflict } from '@platform/foundation/errors';

/** No such product, or none that the caller may change. */
export class ProductNotFound extends CodedError {
  constructor() {
    super('PRODUCT_NOT_FOUND', 'There is no such product.');
  }
}

/** The product has changed since the caller read it; `currentVersion` is what it has become. */
export class StaleVersion extends Conflict {
  constructor(currentVersion: number) {
    super('The product has changed in the meantime. Read it again.', { currentVersion });
  }
}
