import type { Page } from '@platform/subgraph-server/graphql';

/** The page with each of its entries as a viewer sees it. */
export const mapPage = <Row, View>(page: Page<Row>, view: (row: Row) => View): Page<View> => ({
  ...page,
  edges: page.edges.map(({ cursor, node }) => ({ cursor, node: view(node) })),
});
