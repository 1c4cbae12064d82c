import type { GraphQLFormattedError } from 'graphql';

/** What an endpoint answered: the GraphQL response and the HTTP around it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data: any;
  readonly errors: readonly (GraphQLFormattedError & { extensions: Record<string, unknown> })[];
}

/** A plain GraphQL client over HTTP: nothing of the platform's own code is in the way. */
export class GraphQLClient {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The same endpoint with an access token. */
  withToken(accessToken: string): GraphQLClient {
    return this.withHeaders({ authorization: `Bearer ${accessToken}` });
  }

  withHeaders(headers: Record<string, string>): GraphQLClient {
    return new GraphQLClient(this.url, { ...this.headers, ...headers });
  }

  async request(query: string, variables?: Record<string, unknown>): Promise<HttpAnswer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...this.headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = (await response.json()) as HttpAnswer;
    return { status: response.status, headers: response.headers, data, errors };
  }

  /** The data of an answer that must have no errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  async data(query: string, variables?: Record<string, unknown>): Promise<any> {
    const { data, errors } = await this.request(query, variables);
    if (errors.length > 0) throw new Error(`Expected data, got ${JSON.stringify(errors)}`);
    return data;
  }

  /** The codes of an answer's errors, in their order. */
  async codes(query: string, variables?: Record<string, unknown>): Promise<unknown[]> {
    const { errors } = await this.request(query, variables);
    return errors.map(({ extensions }) => extensions.code);
  }
}
