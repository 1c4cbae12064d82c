import type { IncrementalEntry } from '@platform/federation-engine';
import { filterMap } from '@platform/foundation/streams';
import type { GraphQLFormattedError } from 'graphql';
import type { Result } from '../operation.js';
import type { AroundStage } from '../stage.js';

/** What clients are shown of the errors that subgraphs answer with. */
export interface SubgraphErrorRules {
  /** Whether they see the message, or that of an error with a code of its own; otherwise a general one. */
  readonly messages: boolean | 'coded';
  /** The extensions they see; `*` is all. */
  readonly extensions: readonly string[];
}

const GENERAL = 'A subgraph could not answer.';
/** What servers call that which nobody has foreseen: its message may tell anything. */
const UNEXPECTED = 'INTERNAL_SERVER_ERROR';

const isCoded = ({ extensions }: GraphQLFormattedError): boolean =>
  typeof extensions?.code === 'string' && extensions.code !== UNEXPECTED;

/** Takes out of subgraphs' errors what clients are not meant to see, stack traces for example. Errors of the router itself stay. */
export const redactSubgraphErrors = ({ messages, extensions }: SubgraphErrorRules): AroundStage => {
  if (messages === true && extensions.includes('*')) return (_context, next) => next();
  const shown = new Set([...extensions, 'code', 'service']);
  const redacted = (error: GraphQLFormattedError): GraphQLFormattedError => {
    if (error.extensions?.service === undefined) return error;
    const kept = extensions.includes('*')
      ? error.extensions
      : Object.fromEntries(Object.entries(error.extensions).filter(([name]) => shown.has(name)));
    if (messages === true || (messages === 'coded' && isCoded(error))) return { ...error, extensions: kept };
    return { ...error, message: GENERAL, extensions: { code: UNEXPECTED, ...kept } };
  };
  const foreign = ({ errors = [] }: Pick<Result, 'errors'>) =>
    errors.some(({ extensions: has }) => has?.service !== undefined);
  const of = (result: Result): Result => {
    if (!foreign(result) && !result.incremental?.some(foreign)) return result;
    const { json: _, ...rest } = result;
    return {
      ...rest,
      ...(result.errors && { errors: result.errors.map(redacted) }),
      ...(result.incremental && { incremental: result.incremental.map(inPart) }),
    };
  };
  const inPart = (part: IncrementalEntry): IncrementalEntry =>
    part.errors ? { ...part, errors: part.errors.map(redacted) } : part;
  return async (_context, next) => {
    const answer = await next();
    if ('stream' in answer) return { ...answer, stream: filterMap(answer.stream, of) };
    return { ...answer, result: of(answer.result) };
  };
};
