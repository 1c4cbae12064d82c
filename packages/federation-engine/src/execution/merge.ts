import { type DataObject, isDataObject } from '../base/data.js';
import type { TypeConditions } from '../schema/type-conditions.js';

/**
 * Merges subgraphs' answers in place. Takes over the objects of `source`; they must not be used elsewhere. A value that is
 * there stays: whoever completes an entity cannot make another one of it.
 */
export class Merger {
  constructor(private readonly types: TypeConditions) {}

  into(target: DataObject, source: DataObject): void {
    for (const key in source) {
      if (key === '__proto__') continue;
      const next = source[key];
      const current = target[key];
      if (current === undefined || current === null) target[key] = next;
      else if (typeof next === 'object') this.merge(current, next);
      else if (key === '__typename' && this.types.isAbstract(current)) target[key] = next;
    }
  }

  /** No object is of both types. What is not known to be a type of its own may be an interface object. */
  areDifferent(one: unknown, other: string): boolean {
    return typeof one === 'string' && !this.types.isAbstract(one) && !this.types.isAbstract(other);
  }

  /** A null never replaces data: it is another subgraph's failure, and stands in its errors. */
  private merge(current: unknown, next: unknown): void {
    if (current === next || typeof current !== 'object' || current === null || next === null) return;
    if (!Array.isArray(current)) {
      if (isDataObject(current) && isDataObject(next)) this.into(current, next);
      return;
    }
    if (!Array.isArray(next)) return;
    for (let index = 0; index < next.length; index++) {
      if (current[index] === undefined || current[index] === null) current[index] = next[index];
      else this.merge(current[index], next[index]);
    }
  }
}
