import type {
  AuthorizationContext,
  AuthorizedOperation,
  PreparedOperation,
  Variables,
} from '@platform/federation-engine';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';

/** An operation that was asked for, with what its plan depends on. */
export interface HotOperation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly authorization: AuthorizationContext;
  /** The booleans among them: `@skip` and `@include` read no others. */
  readonly variables: Variables;
  uses: number;
}

/** What the operations that are counted may weigh, in bytes: some thousand of usual size. */
const COUNTED = 8 * 1024 * 1024;
/** What one takes besides its text, in bytes. */
const OVERHEAD = 2_000;

interface Counted {
  readonly key: string;
  readonly operation: HotOperation;
}

/** Counts which operations are asked for, each as its callers' rights leave it, so that a new supergraph can plan the busiest before it serves. */
export class FrequentOperations {
  private readonly counted = new WeightedCache<Counted>({
    bytes: COUNTED,
    weigh: ({ operation }) => OVERHEAD + bytesOfText(operation.query),
  });
  private readonly known = new WeakMap<AuthorizedOperation, Counted>();

  count({ authorized, authorization, variables }: PreparedOperation, query: string): void {
    const counted = this.known.get(authorized);
    if (counted && this.counted.get(counted.key) === counted) counted.operation.uses += 1;
    else {
      const operationName = authorized.operation.name;
      this.add(authorized, { query, operationName, authorization, variables: booleansOf(variables), uses: 1 });
    }
  }

  /** Takes over a count from the supergraph before: half of it, so that what is no longer asked for fades. */
  inherit(authorized: AuthorizedOperation, operation: HotOperation): void {
    this.add(authorized, { ...operation, uses: operation.uses / 2 });
  }

  /** The most used, busiest first. */
  top(count: number): HotOperation[] {
    const operations = [...this.counted.values()].map(({ operation }) => operation);
    return operations.sort((one, other) => other.uses - one.uses).slice(0, count);
  }

  /** What is forgotten by the engine and read again is the same operation. */
  private add(authorized: AuthorizedOperation, operation: HotOperation): void {
    const key = JSON.stringify([operation.operationName, authorized.key, operation.query]);
    const known = this.counted.get(key);
    const counted = known ?? { key, operation };
    if (known) known.operation.uses += operation.uses;
    else this.counted.set(key, counted);
    this.known.set(authorized, counted);
  }
}

const booleansOf = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => typeof value === 'boolean'));
