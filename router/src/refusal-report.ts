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
    /** Who else is to hear of refusals. */
    private readonly onRefused: (refusals: readonly GraphQLFormattedError[]) => void = () => {},
  ) {}

  /** An answer from which refused parts were left out. */
  filtered(answer: Answer): Answer {
    return 'stream' in answer ? answer : { ...answer, result: this.told(answer.result) };
  }

  /** A result from which refused parts were left out, as the client is to see it. */
  told(result: Result): Result {
    const { errors = [] } = result;
    const refusals = errors.filter(isRefusal);
    if (refusals.length === 0) return result;
    this.count(refusals);
    if (this.options.errors === 'errors' && this.options.reasons) return result;
    const { data, extensions } = result;
    const others = { ...(data !== undefined && { data }), ...(extensions && { extensions }) };
    if (this.options.errors === 'errors') {
      return { ...others, errors: errors.map((error) => (isRefusal(error) ? this.explained(error) : error)) };
    }
    const remaining = errors.filter((error) => !isRefusal(error));
    return { ...this.inExtensions(others, refusals), ...(remaining.length > 0 && { errors: remaining }) };
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

  /** The complete answer to an operation of which parts would have been refused; a stream goes on as it is. */
  only(refusals: readonly GraphQLFormattedError[], answer: Answer): Answer {
    this.count(refusals);
    const refused = refusals.map(({ path, extensions }) => ({ path: path?.join('.'), reason: extensions?.reason }));
    this.logger.warn({ refused }, 'Authorization would refuse parts of this operation');
    return 'stream' in answer ? answer : { ...answer, result: this.inExtensions(answer.result, refusals) };
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
    this.metrics.authorizationDenials.inc({ module: 'router' }, refusals.length);
    this.onRefused(refusals);
  }
}

const isRefusal = ({ extensions }: GraphQLFormattedError): boolean => extensions?.code === REFUSED;
