import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { DocumentNode } from 'graphql';
import type { GraphQLRequest } from '../operation.js';
import { LIMIT_CODES, type Limit, LimitExceeded } from './errors.js';
import { type Measures, measure } from './measure.js';
import { OperationLimitMetrics } from './operation-limit-metrics.js';
import { textLengthsIn } from './text-lengths.js';

/** The most of everything that a document may have; null: not bounded. */
export type Maxima = Readonly<Record<Limit, number | null>>;

interface DocumentLimitsOptions {
  readonly maxima: Maxima;
  /** Documents that are too large are reported and answered. */
  readonly warnOnly: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Holds documents against what they may have at most; each is measured once. */
export class DocumentLimits {
  private readonly known = new WeakMap<DocumentNode, readonly LimitExceeded[]>();

  constructor(private readonly options: DocumentLimitsOptions) {}

  /** @throws LimitExceeded for the first limit that the document exceeds. */
  check(document: DocumentNode): void {
    let exceeded = this.known.get(document);
    if (!exceeded) {
      exceeded = exceededBy(document, this.options.maxima);
      this.known.set(document, exceeded);
    }
    if (exceeded.length > 0) this.report(exceeded);
  }

  /** What stands beside the document. @throws LimitExceeded for texts that are too long. */
  checkTexts({ operationName, variables, extensions }: GraphQLRequest): void {
    const { maxStringLength, maxNameLength } = textLengthsIn([variables, extensions]);
    const names = Math.max(maxNameLength, operationName?.length ?? 0);
    const exceeded = beyond({ maxStringLength, maxNameLength: names }, this.options.maxima);
    if (exceeded.length > 0) this.report(exceeded);
  }

  private report(exceeded: readonly LimitExceeded[]): void {
    const { metrics, logger, warnOnly } = this.options;
    for (const { code } of exceeded)
      metrics.of(OperationLimitMetrics).exceeded.inc({ code, enforced: String(!warnOnly) });
    if (!warnOnly) throw exceeded[0];
    logger.warn({ exceeded: exceeded.map(({ extensions }) => extensions) }, 'operation limits exceeded');
  }
}

/** Every limit that a document exceeds. */
export const exceededBy = (document: DocumentNode, maxima: Maxima): LimitExceeded[] =>
  beyond(measure(document), maxima);

function beyond(measures: Partial<Measures>, maxima: Maxima): LimitExceeded[] {
  const exceeded: LimitExceeded[] = [];
  for (const limit of LIMITS) {
    const maximum = maxima[limit];
    const measured = measures[limit] ?? 0;
    if (maximum !== null && measured > maximum) exceeded.push(new LimitExceeded(limit, maximum, measured));
  }
  return exceeded;
}

const LIMITS = Object.keys(LIMIT_CODES) as Limit[];
