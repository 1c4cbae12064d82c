import type { Rights } from '../authorization/rights.js';
import type { OperationVariant, PermittedOperation } from '../operation/permitted-operation.js';
import { type Authorized, answer, type ExecutionResult } from './answer.js';
import type { ExecutionRequest, ExecutionResources } from './execution.js';
import { audienceOf } from './shared-headers.js';
import { SingleFlight } from './single-flight.js';

/** Identical queries that arrive while one of them runs get its answer: same operation, variables, rights and forwarded headers. */
export class SharedOperations {
  private readonly flights = new SingleFlight<ExecutionResult>();
  private readonly numbers = new WeakMap<OperationVariant, number>();
  private lastNumber = 0;

  constructor(private readonly resources: ExecutionResources) {}

  async answer(authorized: Authorized, request: ExecutionRequest): Promise<ExecutionResult> {
    const { permitted, rights } = authorized;
    const variant = permitted.variant(request.variables);
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
    const { value } = await this.flights.join(key, request.signal, (signal) =>
      answer(this.resources, authorized, { variables: request.variables, headers: of, signal }),
    );
    return value;
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

/** Refusals name what the caller lacks, and introspection may depend on it; otherwise rights show in the variant alone. */
function rightsKey({ operation, refusals }: PermittedOperation, { authenticated, scopes, policies }: Rights): string {
  return refusals.size === 0 && !operation.introspection
    ? ''
    : JSON.stringify([authenticated, [...scopes], [...policies]]);
}
