export { editableBy, readableBy } from './access.js';
export { ProductNotFound } from './errors.js';
export { NEWEST_FIRST } from './list-order.js';
export { Product } from './product.entity.js';
export { ownerOf, User } from './user.entity.js';
