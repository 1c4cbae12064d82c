import { Engine, type Supergraph, unrestricted } from '@platform/federation-engine';
import type { CommonRouterConfig } from '../config.js';
import { OperationCosts } from '../cost/index.js';
import { isClientError } from '../error-response.js';
import { exceededBy } from '../limits/index.js';
import type { ListedOperation } from './manifest.js';

/** Why an operation of a manifest would be refused. */
export interface OperationMistake {
  readonly code: string;
  readonly message: string;
}

type CheckConfig = Pick<CommonRouterConfig, 'maxTokens' | 'limits' | 'cost'>;

/** Holds operations against one supergraph as a router with this configuration would, without calling a subgraph. */
export class OperationCheck {
  private readonly engine: Engine;
  private readonly costs: OperationCosts;

  constructor(
    supergraph: Supergraph,
    private readonly config: CheckConfig,
  ) {
    this.engine = new Engine({ supergraph, endpoints: noEndpoint, maxTokens: config.maxTokens });
    this.costs = new OperationCosts(config.cost.listSize);
  }

  /** Nothing where the operation fits. Its cost is estimated as for a request without variables. */
  async mistakes({ body, name }: Pick<ListedOperation, 'body' | 'name'>): Promise<OperationMistake[]> {
    try {
      const document = this.engine.parse(body);
      const exceeded = this.config.limits.warnOnly ? [] : exceededBy(document, this.config.limits);
      const operation = this.engine.operation(body, name);
      const { mode, maximum } = this.config.cost;
      const { total } = mode === 'enforce' ? this.costs.estimate(operation, {}) : { total: 0 };
      const tooExpensive =
        maximum !== null && total > maximum
          ? [
              {
                code: 'COST_ESTIMATED_TOO_EXPENSIVE',
                message: `It is estimated to cost ${total}, more than ${maximum}.`,
              },
            ]
          : [];
      await this.engine.prepare(operation, unrestricted);
      return [...exceeded.map(({ code, message }) => ({ code, message })), ...tooExpensive];
    } catch (error) {
      if (!isClientError(error)) throw error;
      return [{ code: String(error.extensions.code), message: error.message }];
    }
  }
}

const noEndpoint = () => {
  throw new Error('A check calls no subgraph');
};
