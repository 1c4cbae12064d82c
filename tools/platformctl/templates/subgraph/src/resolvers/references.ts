import { validate as isUuid } from 'uuid';
import { type Product, User } from '../entities/index.js';
import type { ShopContext } from '../loaders/index.js';

/** Resolves the entities that other subgraphs refer to by their keys; null for what the caller may not know of. */
export const references = {
  Product: ({ id }: { id: string }, { loaders }: ShopContext): Promise<Product | null> => loaders.productById.load(id),
  User: ({ id }: { id: string }): User | null => (isUuid(id) ? new User(id) : null),
};
