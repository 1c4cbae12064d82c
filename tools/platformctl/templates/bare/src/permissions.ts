import { type AccessRules, permission } from '@platform/subgraph-server/graphql';

/** Who may reach what, whichever way it is reached. */
export const access: AccessRules = {
  Query: { shopInfo: permission('shop.info.read') },
};
