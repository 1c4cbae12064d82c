export { type AccessRules, authenticated, everyone, forPeople, permission, policy, services } from './access.js';
export { checkedArgument, checkedArguments, checkedInput, text, textOf } from './checked-input.js';
export { checkTexts } from './checked-texts.js';
export { connectionOf, PAGED_LIST_SIZE, type Page, PageArguments, PageInfo } from './connection.js';
export { DateTime } from './date-time.js';
export { Json } from './json-scalar.js';
export { PageLoader } from './page-loader.js';
export {
  encodeCursor,
  type ListOrder,
  MAX_COUNT,
  pageOf,
  paginate,
  readingSlice,
  type Slice,
  sliceOf,
} from './pagination.js';
export { rowLoader, valueLoader } from './row-loader.js';
export { selectedFields } from './selected-fields.js';
export type { SubgraphContext } from './subgraph-context.js';
export {
  createSubgraphSchema,
  type OrphanedTypes,
  type ReferenceResolver,
  type ResolverInstances,
} from './subgraph-schema.js';
export { SubgraphServer } from './subgraph-server.js';
