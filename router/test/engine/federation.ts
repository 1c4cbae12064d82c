import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeSupergraph } from '@platform/router/composition';
import {
  Engine,
  type EngineOptions,
  type ExecutionResult,
  loadSupergraph,
  type Overrides,
  type Rights,
  type SubgraphEndpoint,
  type SubgraphRequest,
  type SubgraphResponse,
} from '@platform/router/engine';
import { graphql, parse } from 'graphql';

/** A subgraph that lives in the test: SDL and resolvers, as for buildSubgraphSchema. */
export interface TestSubgraph {
  name: string;
  typeDefs: string;
  /** SDL of the first federation, which links nothing. */
  federation1?: true;
  // biome-ignore lint/suspicious/noExplicitAny: resolvers of a test name their own parents and arguments.
  resolvers?: Record<string, Record<string, (parent: any, args: any) => unknown>>;
}

/** Puts something of its own in front of a subgraph. */
export type Intercept = (
  request: SubgraphRequest,
  next: () => Promise<SubgraphResponse>,
  signal: AbortSignal | undefined,
) => Promise<SubgraphResponse>;

const federationSpec = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@inaccessible", "@interfaceObject", "@override",
  "@context", "@fromContext"
])\n`;

/** SDL that links the federation specification, unless it does so itself. */
export const linked = (typeDefs: string): string =>
  typeDefs.includes('specs.apollo.dev/federation') ? typeDefs : federationSpec + typeDefs;

/** Subgraphs composed behind an engine, with a record of every request that reached them. */
export class Federation {
  readonly requests: (SubgraphRequest & { subgraph: string; headers: Record<string, string> })[] = [];
  readonly intercepts = new Map<string, Intercept>();
  readonly engine: Engine;

  constructor(subgraphs: readonly TestSubgraph[], options: Partial<EngineOptions> = {}) {
    const definitions = subgraphs.map(({ name, typeDefs, federation1, resolvers }) => ({
      name,
      typeDefs: federation1 ? typeDefs : linked(typeDefs),
      resolvers,
    }));
    const endpoints = new Map(definitions.map((definition) => [definition.name, this.endpoint(definition)]));
    const { sdl } = composeSupergraph(
      definitions.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}` })),
    );
    this.engine = new Engine({
      supergraph: loadSupergraph(sdl),
      endpoints: (name) => endpoints.get(name) ?? this.unknown(name),
      ...options,
    });
  }

  async run(
    query: string,
    {
      variables,
      rights,
      operationName,
      signal,
      overrides,
      headers,
      tenant,
    }: {
      variables?: Record<string, unknown>;
      rights?: Rights;
      operationName?: string;
      signal?: AbortSignal;
      overrides?: Overrides;
      headers?: Record<string, string>;
      tenant?: string;
    } = {},
  ): Promise<ExecutionResult> {
    const operation = this.engine.prepare(query, operationName);
    const coerced = this.engine.coerceVariables(operation, variables);
    const authorized = this.engine.authorize(operation, rights);
    const result = await this.engine.execute({
      authorized,
      variables: coerced,
      signal,
      overrides,
      tenant,
      headers: headers && (() => headers),
    });
    const json = result.json().toString();
    if (json !== JSON.stringify(result)) {
      throw new Error(`An answer's JSON is not its data:\n${json}\n${JSON.stringify(result)}`);
    }
    return plain(result);
  }

  requestsTo(subgraph: string) {
    return this.requests.filter((request) => request.subgraph === subgraph);
  }

  private unknown(name: string): never {
    throw new Error(`The plan names the unknown subgraph "${name}".`);
  }

  private endpoint({ name, typeDefs, resolvers }: TestSubgraph): SubgraphEndpoint {
    const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers ?? {} }]);
    return {
      execute: (request, headers, signal) => {
        this.requests.push({ ...plain(request), subgraph: name, headers });
        const next = async () => {
          const { query: source, variables: variableValues, operationName } = plain(request);
          return plain((await graphql({ schema, source, variableValues, operationName })) as SubgraphResponse);
        };
        const intercept = this.intercepts.get(name);
        return intercept ? intercept(request, next, signal) : next();
      },
    };
  }
}

/** Rights for a test; anything left out is not held. */
export const rights = ({ authenticated = true, scopes = [] as string[], policies = [] as string[] } = {}): Rights => ({
  authenticated,
  scopes: new Set(scopes),
  policies: new Set(policies),
});

/** What travels as JSON arrives as JSON. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Code and path of every error. */
export const errorsOf = ({ errors = [] }: ExecutionResult) =>
  errors.map(({ path, extensions }) => ({ code: extensions?.['code'], path: path?.join('.') }));
