import { defineSubgraph } from '@platform/subgraph-server/subgraph';
import { eraseEventCopiesWhenUserDeleted } from './events/erase-event-copies-when-user-deleted.js';
import { eraseRowsWhenOrganizationErased } from './events/erase-rows-when-organization-erased.js';
import { access } from './permissions.js';
import { InfoResolver } from './resolvers/index.js';

/** What the shop is to be. */
export const shop = defineSubgraph({
  name: 'shop',
  entities: [],
  sections: {},
  compose: () => ({
    resolvers: [new InfoResolver()],
    references: {},
    access,
    targets: {},
    loaders: () => ({}),
    handlers: [eraseEventCopiesWhenUserDeleted, eraseRowsWhenOrganizationErased],
  }),
});
