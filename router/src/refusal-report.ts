import type { Logger } from '@platform/kernel/logging';
import type { Metrics } from '@platform/kernel/metrics';
import type { GraphQLFormattedError } from 'graphql';
import type { Answer, Result } from './operation.js';

const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE';

interface RefusalReportOptions {
  /** Where clients find what was refused: among `errors`, or in `extensions.authorization`. */
  readonly errors: 'errors' | 'extensions';
  /** Whether they are told which directive refused it, and what they lack. */
  readonly reasons: boolean;
}

/** How a client, the metrics and the log hear of what a caller was, or would have been, refused. */
export class RefusalReport {
  constructor(
    private readonly options: RefusalReportOptions,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** An answer from which refused parts were left out. */
  filtered(answer: Answer): Answer {
    const { errors = [] } = answer.result;
    const refusals = errors.filter(isRefusal);
    if (refusals.length === 0) return answer;
    this.count(refusals);
    if (this.options.errors === 'errors' && this.options.reasons) return answer;
    const { result, ...rest } = answer;
    const { errors: _, json, ...others } = result;
    if (this.options.errors === 'errors') {
      return {
        ...rest,
        result: { ...others, errors: errors.map((error) => (isRefusal(error) ? this.told(error) : error)) },
      };
    }
    const remaining = errors.filter((error) => !isRefusal(error));
    return {
      ...rest,
      result: { ...this.inExtensions(others, refusals), ...(remaining.length > 0 && { errors: remaining }) },
    };
  }

  /** The answer to an operation of which nothing is run. */
  rejected(refusals: readonly GraphQLFormattedError[]): Answer {
    this.count(refusals);
    const result =
      this.options.errors === 'errors'
        ? { data: null, errors: refusals.map((refusal) => this.told(refusal)) }
        : this.inExtensions({ data: null }, refusals);
    return { result, status: 403 };
  }

  /** The complete answer to an operation of which parts would have been refused. */
  only(refusals: readonly GraphQLFormattedError[], answer: Answer): Answer {
    this.count(refusals);
    const refused = refusals.map(({ path, extensions }) => ({ path: path?.join('.'), reason: extensions?.reason }));
    this.logger.warn({ refused }, 'Authorization would refuse parts of this operation');
    const { json, ...result } = answer.result;
    return { ...answer, result: this.inExtensions(result, refusals) };
  }

  private inExtensions(result: Result, refusals: readonly GraphQLFormattedError[]): Result {
    const authorization = { errors: refusals.map((refusal) => this.told(refusal)) };
    return { ...result, extensions: { ...result.extensions, authorization } };
  }

  private told(refusal: GraphQLFormattedError): GraphQLFormattedError {
    if (this.options.reasons || !refusal.extensions?.reason) return refusal;
    const { reason, ...extensions } = refusal.extensions;
    return { ...refusal, extensions };
  }

  private count(refusals: readonly GraphQLFormattedError[]): void {
    this.metrics.authorizationDenials.inc({ module: 'router' }, refusals.length);
  }
}

const isRefusal = ({ extensions }: GraphQLFormattedError): boolean => extensions?.code === REFUSED;
