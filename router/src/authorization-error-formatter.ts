import type { IncrementalEntry } from '@platform/federation-engine';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { filterMap } from '@platform/foundation/streams';
import type { GraphQLFormattedError } from 'graphql';
import { AuthorizationMetrics } from './authorization-metrics.js';
import type { Answer, Result } from './operation.js';

const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE';

interface RefusalReportOptions {
  /** Where clients find what was refused: among `errors`, or in `extensions.authorization`. */
  readonly errors: 'errors' | 'extensions';
  /** Whether they are told which directive refused it, and what they lack. */
  readonly reasons: boolean;
}

/** How a client, the metrics and the log hear of what a caller was, or would have been, refused. */
export class AuthorizationErrorFormatter {
  constructor(
    private readonly options: RefusalReportOptions,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
    /** Who else is to hear of refusals. */
    private readonly onRefused: (refusals: readonly GraphQLFormattedError[]) => void = () => {},
  ) {}

  /** An answer from which refused parts were left out. */
  filtered(answer: Answer): Answer {
    if (!('stream' in answer)) return { ...answer, result: this.told(answer.result) };
    return answer.incremental ? { ...answer, stream: filterMap(answer.stream, (piece) => this.told(piece)) } : answer;
  }

  /** A result from which refused parts were left out, as the client is to see it. */
  told(result: Result): Result {
    const whole = this.toldAlone(result);
    const entries = result.incremental?.map((entry) => this.toldAlone(entry));
    if (!entries?.some((entry, index) => entry !== result.incremental?.[index])) return whole;
    const { json: _, ...piece } = whole;
    return { ...piece, incremental: entries };
  }

  private toldAlone<Told extends Result | IncrementalEntry>(result: Told): Told {
    const refusals = result.errors?.filter(isAuthorizationError) ?? [];
    if (refusals.length === 0) return result; // not looked into: its data are text until somebody asks for them
    const { errors = [], ...others } = result;
    this.count(refusals);
    if (this.options.errors === 'errors') {
      if (this.options.reasons) return result;
      const explained = errors.map((error) => (isAuthorizationError(error) ? this.explained(error) : error));
      return { ...others, json: undefined, errors: explained } as unknown as Told;
    }
    const remaining = errors.filter((error) => !isAuthorizationError(error));
    const told = this.inExtensions(others, refusals);
    return { ...told, ...(remaining.length > 0 && { errors: remaining }) } as unknown as Told;
  }

  /** The answer to an operation of which nothing is run. */
  rejected(refusals: readonly GraphQLFormattedError[]): Answer {
    this.count(refusals);
    const result =
      this.options.errors === 'errors'
        ? { data: null, errors: refusals.map((refusal) => this.explained(refusal)) }
        : this.inExtensions({ data: null }, refusals);
    return { result, status: 403 };
  }

  /** The complete answer to an operation of which parts would have been refused; a stream of results goes on as it is. */
  only(refusals: readonly GraphQLFormattedError[], answer: Answer): Answer {
    this.count(refusals);
    const refused = refusals.map(({ path, extensions }) => ({ path: path?.join('.'), reason: extensions?.reason }));
    this.logger.warn({ denied: refused }, 'authorization denials detected; report-only mode lets them pass');
    if (!('stream' in answer)) return { ...answer, result: this.inExtensions(answer.result, refusals) };
    if (!answer.incremental) return answer;
    const told = (piece: Result) => ('data' in piece ? this.inExtensions(piece, refusals) : piece);
    return { ...answer, stream: filterMap(answer.stream, told) };
  }

  private inExtensions({ json: _, ...result }: Result, refusals: readonly GraphQLFormattedError[]): Result {
    const authorization = { errors: refusals.map((refusal) => this.explained(refusal)) };
    return { ...result, extensions: { ...result.extensions, authorization } };
  }

  private explained(refusal: GraphQLFormattedError): GraphQLFormattedError {
    if (this.options.reasons || !refusal.extensions?.reason) return refusal;
    const { reason, ...extensions } = refusal.extensions;
    return { ...refusal, extensions };
  }

  private count(refusals: readonly GraphQLFormattedError[]): void {
    this.metrics.of(AuthorizationMetrics).denials.inc(refusals.length);
    this.onRefused(refusals);
  }
}

/** Whether the error says that the caller may not; what could not be decided says otherwise. */
export const isAuthorizationError = ({ extensions }: GraphQLFormattedError): boolean => extensions?.code === REFUSED;
