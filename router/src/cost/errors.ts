import { CodedError } from '@platform/foundation/errors';

/** The operation may cost more than its caller may spend on one; nothing of it has run. The code is Apollo Router's. */
export class EstimateTooExpensive extends CodedError {
  static readonly code = 'COST_ESTIMATED_TOO_EXPENSIVE';

  /** @param subgraph whose own maximum it is; left out for the whole operation. */
  constructor(estimated: number, maximum: number, subgraph?: string) {
    const where = subgraph === undefined ? '' : ` in subgraph "${subgraph}"`;
    super(
      EstimateTooExpensive.code,
      `The operation is estimated to cost ${estimated}${where}, more than the maximum of ${maximum}.`,
      { estimated, maximum, ...(subgraph !== undefined && { subgraph }) },
    );
  }
}

/** The operation has cost more than is answered. The code is Apollo Router's. */
export class ActualTooExpensive extends CodedError {
  static readonly code = 'COST_ACTUAL_TOO_EXPENSIVE';

  constructor(actual: number, maximum: number) {
    super(ActualTooExpensive.code, `The operation cost ${actual}, more than the maximum of ${maximum}.`, {
      actual,
      maximum,
    });
  }
}

/** A list cannot be estimated, since its field needs exactly one of its slicing arguments. The code is Apollo Router's. */
export class SlicingArgumentRequired extends CodedError {
  constructor(coordinate: string, slicingArguments: readonly string[]) {
    super(
      'COST_QUERY_PARSE_FAILURE',
      `${coordinate} needs exactly one of these arguments: ${slicingArguments.join(', ')}.`,
      {
        coordinate,
        slicingArguments,
      },
    );
  }
}
