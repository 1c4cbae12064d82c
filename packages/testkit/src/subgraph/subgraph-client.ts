import { type Caller, type CallerTokenSigner } from '@platform/auth';
import type { SubgraphEndpoint, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { GraphQLFormattedError } from 'graphql';

/** Calls a subgraph as the router would on behalf of one caller. */
export class SubgraphClient {
  constructor(
    private readonly subgraph: string,
    private readonly endpoint: SubgraphEndpoint,
    private readonly tokens: CallerTokenSigner,
    readonly caller: Caller,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The whole answer. */
  async request(query: string, variables?: Record<string, unknown>): Promise<SubgraphResponse> {
    const token = await this.tokens.sign(this.caller, this.subgraph);
    return this.endpoint.execute({ query, variables }, { ...this.headers, [CALLER_TOKEN_HEADER]: token });
  }

  /** The answers to a subscription, one for each event; `return` ends it. */
  async subscribe(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<AsyncIterableIterator<SubgraphResponse>> {
    const headers = async () => ({
      ...this.headers,
      [CALLER_TOKEN_HEADER]: await this.tokens.sign(this.caller, this.subgraph),
    });
    if (!this.endpoint.subscribe) throw new Error(`${this.subgraph} does not stream`);
    return this.endpoint.subscribe({ query, variables }, headers);
  }

  /** The data of an answer that must have no errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  async data(query: string, variables?: Record<string, unknown>): Promise<any> {
    const { data, errors } = await this.request(query, variables);
    if (errors?.length) throw new Error(`Expected data, got ${JSON.stringify(errors)}`);
    return data;
  }

  /** The only error of an answer that must have one. */
  async error(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphQLFormattedError & { extensions: Record<string, unknown> }> {
    const { errors = [], data } = await this.request(query, variables);
    const [error] = errors;
    if (!error || errors.length > 1) throw new Error(`Expected one error, got ${JSON.stringify({ errors, data })}`);
    return { ...error, extensions: error.extensions ?? {} };
  }
}
