import type { Rights } from '../authorization/rights.js';
import { audienceOf } from '../fetching/shared-headers.js';
import { SingleFlight } from '../fetching/single-flight.js';
import type { OperationVariant, PermittedOperation } from '../prepared/permitted-operation.js';
import { type Authorized, answer } from './answer.js';
import type { ExecutionResult } from './answer-text.js';
import type { ExecutionRequest, ExecutionResources } from './execution-request.js';

interface SharedAnswer {
  readonly result: ExecutionResult;
  /** The headers that it was made with. */
  readonly received: ExecutionRequest['received'];
}

/** Identical queries that arrive while one of them runs get its answer: same operation, overrides, variables, rights and forwarded headers. */
export class SharedOperations {
  private readonly flights = new SingleFlight<SharedAnswer>();
  private readonly numbers = new WeakMap<OperationVariant, number>();
  private lastNumber = 0;

  constructor(private readonly resources: ExecutionResources) {}

  async answer(authorized: Authorized, request: ExecutionRequest): Promise<ExecutionResult> {
    const { permitted, rights, held } = authorized;
    const variant = permitted.variant(request.variables, request.overrides, held);
    const headers = new Map<string, Record<string, string>>();
    let key = `${this.numberOf(variant)} ${JSON.stringify(request.variables)} ${rightsKey(permitted, rights)}`;
    for (const subgraph of variant.plan?.subgraphs ?? []) {
      try {
        const given = request.headers(subgraph);
        const known = given instanceof Promise ? await given : given;
        headers.set(subgraph, known);
        key += `\n${subgraph}\n${audienceOf(known)}`;
      } catch {
        return answer(this.resources, authorized, request);
      }
    }
    const of = (subgraph: string) => headers.get(subgraph) ?? request.headers(subgraph);
    const { value } = await this.flights.join(key, request.signal, async (signal) => {
      const received = request.received && [];
      return {
        result: await answer(this.resources, authorized, { ...request, headers: of, signal, received }),
        received,
      };
    });
    request.received?.push(...(value.received ?? []));
    return value.result;
  }

  forget(): void {
    this.flights.forget();
  }

  private numberOf(variant: OperationVariant): number {
    let number = this.numbers.get(variant);
    if (number === undefined) {
      number = ++this.lastNumber;
      this.numbers.set(variant, number);
    }
    return number;
  }
}

/** Refusals name what the caller lacks, and introspection shows what they may use; else rights show in the permitted operation alone. */
function rightsKey({ refusals, operation }: PermittedOperation, { authenticated, scopes, policies }: Rights): string {
  return refusals.size === 0 && !operation.introspection
    ? ''
    : JSON.stringify([authenticated, [...scopes], [...policies]]);
}
