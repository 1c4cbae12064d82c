export { ProductResolver } from './product.resolver.js';
export { references } from './references.js';
export { UserResolver } from './user.resolver.js';
