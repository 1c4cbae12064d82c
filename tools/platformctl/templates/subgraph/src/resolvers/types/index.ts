export { ProductConnection } from './connections.js';
export { CreateProductInput, ProductFilter, UpdateProductInput } from './product.inputs.js';
