import type { GraphQLFormattedError } from 'graphql';
import { eventually } from '../waiting/index.js';

/** One result of a stream, as a client hands it on. */
export interface StreamResult {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data?: any;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** What a client has received of one subscription so far. */
export class ReceivedStream {
  readonly results: StreamResult[] = [];
  /** Set once the stream has ended: undefined after a complete, else what it failed with. */
  outcome: { readonly failure: unknown } | undefined;
  stop: () => void = () => {};

  /** The result at the index, once it is there. */
  result(index: number): Promise<StreamResult> {
    return eventually(() => {
      const result = this.results[index];
      if (!result) throw new Error(`No result ${index} yet: ${JSON.stringify([this.results, this.outcome])}`);
      return result;
    });
  }

  /** The codes of the last result's errors, or of the failure's, once the stream has ended. */
  async endCodes(): Promise<unknown[]> {
    const { failure } = await eventually(() => {
      if (!this.outcome) throw new Error(`Not ended: ${JSON.stringify(this.results)}`);
      return this.outcome;
    });
    const errors = failure ? errorsOf(failure) : (this.results.at(-1)?.errors ?? []);
    return errors.map(({ extensions }) => extensions?.code);
  }
}

/** Clients fail with one error, with a list of them, or with an error around a list. */
function errorsOf(failure: unknown): readonly GraphQLFormattedError[] {
  if (Array.isArray(failure)) return failure;
  const { errors } = failure as { errors?: readonly GraphQLFormattedError[] };
  return errors ?? [];
}
