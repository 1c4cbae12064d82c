import type { SubgraphResponse } from '../base/endpoint.js';
import { ResponsesTooLarge } from '../base/errors.js';

/** How much subgraphs may answer, in bytes. */
export interface ResponseLimits {
  /** In one answer. Default: what the endpoint reads. */
  readonly perResponse?: number;
  /** To one operation, all answers together. Default: not bounded. */
  readonly perOperation?: number;
}

/** What subgraphs may still answer to one operation. */
export class ResponseBudget {
  private left: number;

  constructor({ perOperation = Number.POSITIVE_INFINITY }: ResponseLimits) {
    this.left = perOperation;
  }

  /** Asked before a request: nothing is fetched once the budget is used up. @throws ResponsesTooLarge */
  check(subgraph: string): void {
    if (this.left < 0) throw new ResponsesTooLarge(subgraph);
  }

  /** @throws ResponsesTooLarge for the answer that goes beyond it, and for every one after. */
  charge(subgraph: string, { bytes = 0 }: SubgraphResponse): void {
    this.left -= bytes;
    this.check(subgraph);
  }
}
