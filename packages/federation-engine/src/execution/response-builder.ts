import { parseJson } from '@platform/foundation/json';
import type { GraphQLFormattedError } from 'graphql';
import type { DataObject } from '../base/data.js';
import type { Freshness } from '../fetching/freshness.js';
import { JsonWriter } from '../projection/json-writer.js';

/** The answer to an operation. It is there as JSON from the start; `data` is made an object for those who look at it. */
export interface ExecutionResult {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
  /** Whether `data` is an object; to look at `data` itself is to read the whole text. */
  hasData(): boolean;
  /** What the subgraphs gave, in one tree; not to be changed. */
  merged?(): Readonly<DataObject>;
  /** For how long it holds, where answers of subgraphs are kept. */
  freshness?(): Freshness;
  /** The whole answer as JSON. Several may hold it: it must not be changed. */
  json(): Buffer;
}

/** What one deferred fragment adds to the answer at one place. */
export interface IncrementalEntry {
  /** Null where the fragment selects a non-null field that has no value. */
  readonly data: Record<string, unknown> | null;
  readonly path: readonly (string | number)[];
  readonly label?: string;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/** The first piece of an answer in parts, with `data`, or one that follows, with `incremental`. */
export interface IncrementalResult extends Partial<ExecutionResult> {
  readonly incremental?: readonly IncrementalEntry[];
  readonly hasNext: boolean;
  json(): Buffer;
}

/** Where in the text a value stands. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads a value of the text once somebody looks at it. */
export function read<T>(bytes: () => Buffer, { start, end }: Span): () => T {
  let value: { readonly parsed: T } | undefined;
  return () => {
    value ??= { parsed: parseJson(bytes().toString('utf8', start, end)) as T };
    return value.parsed;
  };
}

const BEGINNING = new TextEncoder().encode('{"data":');

/** Writes the answers of one engine, one at a time and each without a pause: one buffer serves all. */
export class ResponseBuilder {
  readonly out = new JsonWriter();

  /** Begins an answer: its data are written next. */
  begin(): void {
    this.out.begin();
    this.out.raw(BEGINNING);
  }

  /** Takes the answer whose data have been written. @param merged the data that it was made of. */
  finish(errors: readonly GraphQLFormattedError[], merged?: DataObject, freshness?: Freshness): ExecutionResult {
    return this.taken(errors, '}', {
      ...(merged && { merged: () => merged }),
      ...(freshness && { freshness: () => freshness }),
    });
  }

  /** The same for an answer that goes on. */
  finishFirst(errors: readonly GraphQLFormattedError[]): IncrementalResult {
    return this.taken(errors, ',"hasNext":true}', { hasNext: true });
  }

  /** As a further field of the object that is being written. */
  errors(errors: readonly GraphQLFormattedError[]): void {
    if (errors.length > 0) this.out.text(`,"errors":${JSON.stringify(errors)}`);
  }

  private taken<Rest extends object>(
    errors: readonly GraphQLFormattedError[],
    ending: string,
    rest: Rest,
  ): ExecutionResult & Rest {
    const { out } = this;
    const data = read<ExecutionResult['data']>(() => bytes, { start: BEGINNING.length, end: out.position });
    const isObject = out.position - BEGINNING.length !== 'null'.length;
    this.errors(errors);
    out.text(ending);
    const bytes = out.take();
    return {
      get data() {
        return data();
      },
      hasData: () => isObject,
      ...(errors.length > 0 && { errors }),
      ...rest,
      json: () => bytes,
    };
  }
}
