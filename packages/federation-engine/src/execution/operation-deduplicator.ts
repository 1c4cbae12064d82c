import { RequestDeduplicator } from '../fetching/request-deduplicator.js';
import { audienceOf } from '../fetching/shared-headers.js';
import type { PlannedOperation, PreparedOperation } from '../prepared/prepared-operation.js';
import { executeOperation } from './execute-operation.js';
import type { ExecutionRequest, ExecutionResources } from './execution-request.js';
import type { ExecutionResult } from './response-builder.js';

interface SharedResponse {
  readonly result: ExecutionResult;
  /** The headers that it was made with. */
  readonly received: ExecutionRequest['received'];
}

/** Identical queries that arrive while one of them runs get its answer: same operation, overrides, variables, rights and forwarded headers. */
export class OperationDeduplicator {
  private readonly flights = new RequestDeduplicator<SharedResponse>();
  private readonly numbers = new WeakMap<PlannedOperation, number>();
  private lastNumber = 0;

  constructor(private readonly resources: ExecutionResources) {}

  async execute(prepared: PreparedOperation, request: ExecutionRequest): Promise<ExecutionResult> {
    const { planned, variables } = prepared;
    const headers = new Map<string, Record<string, string>>();
    let key = `${this.numberOf(planned)} ${JSON.stringify(variables)} ${rightsKey(prepared)}`;
    for (const subgraph of planned.plan?.subgraphs ?? []) {
      try {
        const given = request.headers(subgraph);
        const known = given instanceof Promise ? await given : given;
        headers.set(subgraph, known);
        key += `\n${subgraph}\n${audienceOf(known)}`;
      } catch {
        return executeOperation(this.resources, prepared, request);
      }
    }
    const of = (subgraph: string) => headers.get(subgraph) ?? request.headers(subgraph);
    const { value } = await this.flights.run(key, request.signal, async (signal) => {
      const received = request.received && [];
      return {
        result: await executeOperation(this.resources, prepared, { ...request, headers: of, signal, received }),
        received,
      };
    });
    request.received?.push(...(value.received ?? []));
    return value.result;
  }

  reset(): void {
    this.flights.reset();
  }

  private numberOf(planned: PlannedOperation): number {
    let number = this.numbers.get(planned);
    if (number === undefined) {
      number = ++this.lastNumber;
      this.numbers.set(planned, number);
    }
    return number;
  }
}

/** Authorization errors name what the caller lacks, and introspection shows what they may use; else rights show in the authorized operation alone. */
function rightsKey({ authorized, authorization }: PreparedOperation): string {
  if (authorized.unauthorized.size === 0 && !authorized.operation.introspection) return '';
  const { authenticated, scopes, policies } = authorization;
  return JSON.stringify([authenticated, [...scopes], [...policies]]);
}
