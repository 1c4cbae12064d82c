import type { Logger } from '@platform/kernel/logging';
import type { Metrics } from '@platform/kernel/metrics';
import type { DocumentNode } from 'graphql';
import { LIMIT_CODES, type Limit, LimitExceeded } from './errors.js';
import { measure } from './measure.js';

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

  private report(exceeded: readonly LimitExceeded[]): void {
    const { metrics, logger, warnOnly } = this.options;
    for (const { code } of exceeded) metrics.limitsExceeded.inc({ code, enforced: String(!warnOnly) });
    if (!warnOnly) throw exceeded[0];
    logger.warn({ exceeded: exceeded.map(({ extensions }) => extensions) }, 'An operation exceeds limits');
  }
}

/** Every limit that a document exceeds. */
export function exceededBy(document: DocumentNode, maxima: Maxima): LimitExceeded[] {
  const measures = measure(document);
  return (Object.keys(LIMIT_CODES) as Limit[]).flatMap((limit) => {
    const maximum = maxima[limit];
    return maximum !== null && measures[limit] > maximum ? [new LimitExceeded(limit, maximum, measures[limit])] : [];
  });
}
