import type { GraphQLFormattedError } from 'graphql';
import type { AuthorizationContext } from '../authorization/authorization-context.js';
import { authorizationError, type UnauthorizedSelection } from '../authorization/unauthorized-selections.js';
import type { Deferral } from '../operation/deferral.js';
import type { IntrospectedField, IntrospectionAnswer } from '../operation/introspection.js';
import type { ErrorTree } from './error-tree.js';
import type { JsonWriter } from './json-writer.js';
import type { FieldShape, ObjectShape } from './shapes.js';

/** An object of the merged data. */
export type Data = Readonly<Record<string, unknown>>;

/** Where a value that stands in several places of the data was written for one of them. */
export interface Memo {
  writer: unknown;
  start: number;
  end: number;
  /** What was written before something was taken back may be gone. */
  takenBack: number;
}

export const freshMemo = (): Memo => ({ writer: undefined, start: 0, end: 0, takenBack: 0 });

/** A deferred fragment of an object that has been written. */
export interface DeferredObject {
  readonly deferral: Deferral;
  readonly shape: ObjectShape;
  readonly serializer: { write(data: Data, run: SerializationRun): boolean };
  readonly data: Data;
  readonly path: readonly (string | number)[];
}

/** For whom an answer is written. */
export interface Reader {
  readonly authorization: AuthorizationContext;
  /** What they may see of the schema. */
  introspect(field: IntrospectedField): IntrospectionAnswer;
  /** How long an answer may be, in bytes, before no further value is written into it. */
  readonly maxBytes?: number;
}

/** Errors that are told of one answer, and what the keys of their paths may take in all, in characters. */
const MOST_ERRORS = 10_000;
const MOST_PATH_CHARACTERS = 4 * 1024 * 1024;

/** What one answer brings along, and what writing it brings to light. */
export class SerializationRun {
  readonly errors: GraphQLFormattedError[] = [];
  readonly answered = new Set<UnauthorizedSelection>();
  /** What is to follow. */
  readonly deferred: DeferredObject[] = [];
  /** Keys from the root to the value in hand; only the first entries count. */
  readonly path: (string | number)[];
  takenBack = 0;
  /** Beyond this position no value is written; below every position once that has been so. */
  private most: number;
  private pathCharacters = 0;

  constructor(
    readonly out: JsonWriter,
    private readonly reported: ErrorTree | undefined,
    private readonly reader: Reader,
    readonly repeated: ReadonlyMap<unknown, Memo>,
    /** Where in the answer the writing begins. */
    readonly start: readonly (string | number)[] = [],
  ) {
    this.path = [...start];
    this.most = reader.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  /** True when the answer has no room for another value, or for one of so many bytes: aliases may make it of any length. */
  isFull(bytes = 0): boolean {
    return this.out.position + bytes > this.most;
  }

  /** Nothing of the answer is written any more, whatever is taken back of it. */
  end(depth: number): void {
    if (this.most < 0) return;
    this.most = -1;
    const path = this.path.slice(0, depth);
    this.errors.push({ message: 'The answer is too large.', path, extensions: { code: 'MAX_RESPONSE_BYTES_LIMIT' } });
  }

  refuse({ unauthorized: [denied] }: FieldShape, depth: number): void {
    if (denied) this.add(depth, (path) => authorizationError(denied, path, this.reader.authorization));
  }

  report(depth: number, code: string, message: string): void {
    this.add(depth, (path) => (this.reported?.explains(path) ? undefined : { message, path, extensions: { code } }));
  }

  /** A subgraph has answered what its schema does not say. */
  invalid(depth: number, fault: string): false {
    this.report(depth, 'SUBGRAPH_INVALID_RESPONSE', `A subgraph answered ${fault}.`);
    return false;
  }

  /** Nobody reads an error for each of a million places. */
  private add(depth: number, errorAt: (path: readonly (string | number)[]) => GraphQLFormattedError | undefined): void {
    if (this.errors.length >= MOST_ERRORS || this.pathCharacters > MOST_PATH_CHARACTERS) return;
    const path = this.path.slice(0, depth);
    const error = errorAt(path);
    if (!error) return;
    this.errors.push(error);
    for (const key of path) this.pathCharacters += typeof key === 'string' ? key.length : 1;
  }

  /** The schema may be asked for once for each object of a list: it is written no more once the answer is too large. */
  introspect({ introspected }: FieldShape, depth: number): void {
    if (introspected && !this.isFull()) {
      const { text, errors } = this.reader.introspect(introspected);
      this.out.text(text);
      for (const error of errors) this.add(depth, (path) => ({ ...error, path: [...path, ...error.path] }));
      return;
    }
    this.out.raw(NULL);
    this.end(depth);
  }

  /** Takes back what was written from the position on, and what was to follow it. */
  takeBack(position: number, deferred: number): false {
    this.out.position = position;
    this.deferred.length = deferred;
    this.takenBack++;
    return false;
  }
}

const NULL = new TextEncoder().encode('null');
