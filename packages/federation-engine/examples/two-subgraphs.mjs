// Two subgraphs in this process, composed, and one query over both: node examples/two-subgraphs.mjs
import { buildSubgraphSchema } from '@apollo/subgraph';
import { Engine, loadSupergraph, unauthenticated } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { graphql, parse } from 'graphql';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';

const subgraphs = {
  products: {
    typeDefs: `${LINK} type Query { product(id: ID!): Product } type Product @key(fields: "id") { id: ID! name: String }`,
    resolvers: { Query: { product: (_, { id }) => ({ id, name: 'Table' }) } },
  },
  reviews: {
    typeDefs: `${LINK} type Product @key(fields: "id") { id: ID! reviews: [String!]! }`,
    resolvers: { Product: { reviews: () => ['Stands.', 'Wobbles.'] } },
  },
};

const { sdl } = composeSupergraph(
  Object.entries(subgraphs).map(([name, { typeDefs }]) => ({ name, typeDefs, url: `http://${name}` })),
);

/** How a subgraph is reached: here it is executed in place; over a network this is an HTTP request. */
const inPlace = (name, { typeDefs, resolvers }) => {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]);
  return {
    execute: async ({ query, variables }) => {
      console.log(`${name} is asked: ${query}`);
      // Plain data, as it would come from a network.
      return JSON.parse(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })));
    },
  };
};
const endpoints = new Map(Object.entries(subgraphs).map(([name, subgraph]) => [name, inPlace(name, subgraph)]));

const engine = new Engine({ supergraph: loadSupergraph(sdl), endpoints: (name) => endpoints.get(name) });

const operation = engine.operation('query Product($id: ID!) { product(id: $id) { name reviews } }');
const variables = engine.coerceVariables(operation, { id: '1' });
const prepared = await engine.prepare(operation, unauthenticated, variables);
const result = await engine.execute(prepared);
console.log(JSON.stringify({ data: result.data }));
