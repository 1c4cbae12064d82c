import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { decodeJwt } from 'jose';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@policy", "@inaccessible", "@listSize"])';

type Caller = Readonly<Record<string, unknown>>;

const typeDefs = {
  shop: `${LINK}
    scalar JSON
    enum Color { RED GREEN }
    input Filter { name: String color: Color nested: Filter any: JSON }
    type Query {
      hello(name: String = "world", filter: Filter): String
      echo(any: JSON): JSON
      product(id: ID!): Product
      products(first: Int = 10): [Product!]! @listSize(slicingArguments: ["first"])
      me: String @authenticated
      salaries: [Int!] @policy(policies: [["salaries.read"]])
      blueprint: String @inaccessible
      failing: String
      crashing: String
      talkative: String
    }
    type Mutation { order(text: String!): String }
    type Subscription { ordered: String }
    type Product @key(fields: "id") { id: ID! name: String related(first: Int = 10): [Product!] @listSize(slicingArguments: ["first"]) seller: User }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  accounts: `${LINK}
    type Query { accounts: Int }
    type User @key(fields: "id") { id: ID! name: String }`,
};

/** What no client may be told: it stands in errors, in answers nobody asked for and in headers of the subgraphs. */
export const SECRET = 'postgres://root:hunter2@db.internal/shop';

const product = ({ id }: { id: string }) => ({ id, name: `Product ${id}`, seller: { id } });

const resolvers = {
  shop: {
    Query: {
      hello: (_: unknown, { name }: { name: string }) => `Hello, ${name}`,
      echo: (_: unknown, { any }: { any: unknown }) => any,
      product: (_: unknown, args: { id: string }) => product(args),
      products: () => ['1', '2'].map((id) => product({ id })),
      me: (_: unknown, __: unknown, { authorization }: Caller) => decodeJwt(String(authorization).slice(7)).sub,
      salaries: () => [1],
    },
    Mutation: { order: (_: unknown, { text }: { text: string }) => text },
    Product: { __resolveReference: product },
  },
  accounts: { User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `User ${id}` }) } },
};

type Name = keyof typeof typeDefs;

/** Both subgraphs behind one HTTP server; some fields make them misbehave. */
export class AttackedSubgraphs {
  /** The headers of every call so far. */
  readonly calls: IncomingMessage['headers'][] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.answer(request, response));
  }

  static async start(): Promise<AttackedSubgraphs> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AttackedSubgraphs(server);
  }

  /** For composition. */
  get definitions() {
    const { port } = this.server.address() as AddressInfo;
    return Object.entries(typeDefs).map(([name, text]) => ({
      name,
      typeDefs: text,
      url: `http://127.0.0.1:${port}/${name}`,
    }));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls.push(request.headers);
    let text = '';
    for await (const chunk of request) text += chunk;
    const { query, variables } = JSON.parse(text) as { query: string; variables?: Record<string, unknown> };
    const [status, body] = misbehaviour(query, variables) ?? [
      200,
      JSON.stringify(await this.execute(request.url?.slice(1) as Name, query, variables, request.headers)),
    ];
    response.writeHead(status, {
      'content-type': 'application/json',
      'set-cookie': `db=${SECRET}`,
      'x-powered-by': SECRET,
    });
    response.end(body);
  }

  private execute(name: Name, query: string, variableValues: Record<string, unknown> | undefined, caller: Caller) {
    return graphql({ schema: schemas[name], source: query, variableValues, contextValue: caller });
  }
}

const schemas = Object.fromEntries(
  Object.entries(typeDefs).map(([name, text]) => [
    name,
    buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers[name as Name] as never }]),
  ]),
) as Record<Name, ReturnType<typeof buildSubgraphSchema>>;

/** What a subgraph that is broken or taken over answers instead, by what it is asked for. */
function misbehaviour(query: string, variables?: Record<string, unknown>): [status: number, body: string] | undefined {
  if (query.includes('failing')) {
    const extensions = { stacktrace: [`at connect (${SECRET})`], exception: { dsn: SECRET }, sql: 'SELECT 1' };
    return [
      200,
      JSON.stringify({
        data: { failing: null },
        errors: [{ message: `no route to ${SECRET}`, path: ['failing'], extensions }],
      }),
    ];
  }
  if (query.includes('crashing')) return [500, `<html>Error: ${SECRET}\n at Server.js:1</html>`];
  if (query.includes('talkative')) {
    const data = { talkative: 'said', me: SECRET, blueprint: SECRET, __proto__: { polluted: SECRET } };
    return [200, JSON.stringify({ data, extensions: { trace: SECRET } })];
  }
  const [{ id = '' } = {}] = (variables?.representations ?? []) as { id?: string }[];
  const entities: Record<string, unknown[]> = {
    'another-users': [{ __typename: 'User', id: '2', name: 'Somebody else', email: SECRET }],
    'more-than-asked': [{ name: 'One' }, { name: SECRET }],
    'fewer-than-asked': [],
    'another-type': [{ __typename: 'Product', name: 'A product' }],
  };
  return entities[id] && [200, JSON.stringify({ data: { _entities: entities[id] } })];
}
