import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type AuthorizationContext,
  type CachePartition,
  Engine,
  type EngineOptions,
  type ExecuteInput,
  type ExecutionResult,
  type IncrementalResult,
  type IncrementalStream,
  loadSupergraph,
  type Overrides,
  type PreparedOperation,
  type SubgraphEndpoint,
  type SubgraphRequest,
  type SubgraphResponse,
} from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { parseJson } from '@platform/foundation/json';
import { graphql, parse } from 'graphql';
import { withExactNumbers } from './random/exact-numbers.js';

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

interface RunOptions {
  variables?: Record<string, unknown>;
  rights?: AuthorizationContext;
  operationName?: string;
  signal?: AbortSignal;
  overrides?: Overrides;
  headers?: Record<string, string>;
  tenant?: string;
  partition?: CachePartition;
}

/** SDL that links the federation specification, unless it does so itself. */
export const linked = (typeDefs: string): string =>
  typeDefs.includes('specs.apollo.dev/federation') ? typeDefs : federationSpec + typeDefs;

/** Subgraphs composed behind an engine, with a record of every request that reached them. */
export class Federation {
  readonly requests: (SubgraphRequest & { subgraph: string; headers: Record<string, string> })[] = [];
  readonly intercepts = new Map<string, Intercept>();
  /** What a subgraph streams, whatever it is asked for. */
  readonly events = new Map<string, readonly SubgraphResponse[]>();
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

  async run(query: string, options: RunOptions = {}): Promise<ExecutionResult> {
    return faithful(await this.engine.execute(await this.prepare(query, options), inputOf(options)));
  }

  /** The answer to each event that is streamed. */
  async subscribe(query: string, options: RunOptions = {}): Promise<ExecutionResult[]> {
    const prepared = await this.prepare(query, options);
    const input = inputOf(options);
    const answers: ExecutionResult[] = [];
    for await (const event of (await this.engine.subscribe(prepared, input)) ?? []) {
      answers.push(faithful(await this.engine.complete(prepared, event, input)));
    }
    return answers;
  }

  /** Every piece of an answer in parts, in their order; a single answer is one piece. */
  async runInParts(query: string, options: RunOptions = {}): Promise<IncrementalResult[]> {
    const pieces: IncrementalResult[] = [];
    for await (const piece of this.parts(query, options)) pieces.push(faithful(piece));
    return pieces;
  }

  /** The pieces as they come. */
  async *parts(query: string, options: RunOptions = {}): AsyncGenerator<IncrementalResult, undefined> {
    const prepared = await this.prepare(query, options, true);
    const answer = await this.engine.executeIncremental(prepared, inputOf(options));
    if (Symbol.asyncIterator in answer) yield* answer;
    else
      yield {
        ...answer,
        hasNext: false,
        json: () => Buffer.from(JSON.stringify({ ...plain(answer), hasNext: false })),
      };
  }

  /** An answer that is known to come in parts. */
  async streamOf(query: string, options: RunOptions = {}): Promise<IncrementalStream> {
    const prepared = await this.prepare(query, options, true);
    const answer = await this.engine.executeIncremental(prepared, inputOf(options));
    if (Symbol.asyncIterator in answer) return answer;
    throw new Error('The answer came in one piece.');
  }

  private async prepare(
    query: string,
    { variables, rights, operationName, overrides }: RunOptions,
    incremental?: boolean,
  ): Promise<PreparedOperation> {
    const operation = this.engine.operation(query, operationName);
    const coerced = this.engine.coerceVariables(operation, variables);
    return this.engine.prepare(operation, rights, coerced, { overrides, incremental });
  }

  requestsTo(subgraph: string) {
    return this.requests.filter((request) => request.subgraph === subgraph);
  }

  private unknown(name: string): never {
    throw new Error(`The plan names the unknown subgraph "${name}".`);
  }

  private endpoint({ name, typeDefs, resolvers }: TestSubgraph): SubgraphEndpoint {
    const schema = withExactNumbers(buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers ?? {} }]));
    return {
      execute: (request, headers, signal) => {
        this.requests.push({ ...plain(request), subgraph: name, headers });
        const next = async () => {
          const { query: source, variables: variableValues, operationName } = plain(request);
          const response = await graphql({ schema, source, variableValues, operationName });
          return parseJson(JSON.stringify(response), request.exactFields) as SubgraphResponse;
        };
        const intercept = this.intercepts.get(name);
        return intercept ? intercept(request, next, signal) : next();
      },
      subscribe: async (request, headers) => {
        this.requests.push({ ...plain(request), subgraph: name, headers: await headers() });
        const events = this.events.get(name) ?? [];
        return (async function* () {
          yield* structuredClone(events);
        })();
      },
    };
  }
}

/** AuthorizationContext for a test; anything left out is not held. */
export const rights = ({
  authenticated = true,
  scopes = [] as string[],
  policies = [] as string[],
} = {}): AuthorizationContext => ({
  authenticated,
  scopes: new Set(scopes),
  policies: new Set(policies),
});

/** What travels as JSON arrives as JSON, with its numbers as they are written. */
export const plain = <T>(value: T): T => parseJson(JSON.stringify(value)) as T;

/** The result as it travels. @throws when its JSON says something else than it. */
function faithful<T extends { json(): Buffer }>(result: T): T {
  const json = result.json().toString();
  if (json !== JSON.stringify(result)) {
    throw new Error(`An answer's JSON is not its data:\n${json}\n${JSON.stringify(result)}`);
  }
  return plain(result);
}

/** Code and path of every error. */
export const errorsOf = ({ errors = [] }: Pick<ExecutionResult, 'errors'>) =>
  errors.map(({ path, extensions }) => ({ code: extensions?.['code'], path: path?.join('.') }));

const inputOf = ({ signal, tenant, partition, headers }: RunOptions): ExecuteInput => ({
  signal,
  tenant,
  cachePartition: partition,
  headers: headers && (() => headers),
});
