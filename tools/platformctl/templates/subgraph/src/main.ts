import { productCreated, productUpdated } from '@platform/contracts';
import { defineSubgraph } from '@platform/subgraph-server/subgraph';
import { Product } from './entities/index.js';
import { anonymiseOwnerWhenUserDeleted } from './events/anonymise-owner-when-user-deleted.js';
import { eraseEventCopiesWhenUserDeleted } from './events/erase-event-copies-when-user-deleted.js';
import { eraseRowsWhenOrganizationErased } from './events/erase-rows-when-organization-erased.js';
import { shopLoaders } from './loaders/index.js';
import { access, targets } from './permissions.js';
import { ProductResolver, references, UserResolver } from './resolvers/index.js';
import { ProductList, ProductService } from './services/index.js';

/** Products, each with its owner. */
export const shop = defineSubgraph({
  name: 'shop',
  entities: [Product],
  sections: {},
  live: [productCreated, productUpdated],
  compose: ({ database, outbox, clock, live }) => {
    const products = new ProductService(database, outbox, clock);
    return {
      resolvers: [new ProductResolver(products, new ProductList(database)), new UserResolver()],
      references,
      access,
      targets,
      loaders: shopLoaders(database, live),
      handlers: [
        anonymiseOwnerWhenUserDeleted(products),
        eraseEventCopiesWhenUserDeleted,
        eraseRowsWhenOrganizationErased,
      ],
    };
  },
});
