export { ProductService } from './product.service.js';
export { ProductList } from './product-list.js';
