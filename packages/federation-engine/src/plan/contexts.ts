import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import { type DataObject, isDataObject } from '../base/data.js';
import type { TypeConditions } from '../schema/type-conditions.js';
import type { Ancestry } from './flatten.js';

const up = '..';
const fragment = '... on ';

/** Reads the arguments that `@fromContext` takes from the objects around an entity. */
export class ContextArguments {
  constructor(
    private readonly rewrites: readonly FetchDataKeyRenamer[],
    private readonly types: TypeConditions,
  ) {}

  /** Variable name to value; a context that is not there is null. */
  of(entity: Ancestry): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const { path, renameKeyTo } of this.rewrites) {
      const value = this.read(entity, path);
      if (value !== undefined || !(renameKeyTo in values)) values[renameKeyTo] = value ?? null;
    }
    return values;
  }

  private read(entity: Ancestry, path: readonly string[]): unknown {
    let around: Ancestry | undefined = entity;
    let step = 0;
    while (path[step] === up) {
      around = around?.parent;
      step++;
    }
    let value: unknown = around?.object;
    for (const key of path.slice(step)) {
      if (!isDataObject(value)) return undefined;
      if (!key.startsWith(fragment)) value = value[key];
      else if (!this.fits(value, key.slice(fragment.length))) return undefined;
    }
    return value;
  }

  private fits({ __typename }: DataObject, condition: string): boolean {
    return typeof __typename !== 'string' || this.types.includes(condition, __typename);
  }
}
