import { LRUCache } from 'lru-cache';
import type { AuthorizedOperation, Operation, Rights, Variables } from '../engine/index.js';

/** An operation that was asked for, with what its plan depends on. */
export interface HotOperation {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly rights: Rights;
  /** The booleans among them: `@skip` and `@include` read no others. */
  readonly variables: Variables;
  uses: number;
}

/** Operations that are counted at a time. */
const COUNTED = 1_000;

type Permitted = AuthorizedOperation['permitted'];

/** Counts which operations are asked for, each as its callers' rights leave it, so that a new supergraph can plan the busiest before it serves. */
export class HotOperations {
  private readonly byPlan = new LRUCache<Permitted, HotOperation>({ max: COUNTED });

  count(operation: Operation, { permitted, rights }: AuthorizedOperation, query: string, variables: Variables): void {
    const known = this.byPlan.get(permitted);
    if (known) known.uses += 1;
    else {
      const operationName = operation.name;
      this.byPlan.set(permitted, { query, operationName, rights, variables: booleansOf(variables), uses: 1 });
    }
  }

  /** Takes over a count from the supergraph before: half of it, so that what is no longer asked for fades. */
  inherit(permitted: Permitted, operation: HotOperation): void {
    this.byPlan.set(permitted, { ...operation, uses: operation.uses / 2 });
  }

  /** The most used, busiest first. */
  top(count: number): HotOperation[] {
    return [...this.byPlan.values()].sort((one, other) => other.uses - one.uses).slice(0, count);
  }
}

const booleansOf = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => typeof value === 'boolean'));
