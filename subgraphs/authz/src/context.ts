import type { SubgraphContext } from '@platform/subgraph-server/graphql';
import type { AuthzLoaders } from './loaders/index.js';

/** What authz's resolvers get with every call. */
export type AuthzContext = SubgraphContext<AuthzLoaders>;
