import type { FetchDataRewrite } from '@apollo/query-planner';
import { type DataObject, isDataObject } from '../base/data.js';
import type { TypeConditions } from '../schema/type-conditions.js';

export type Rewrite = (value: unknown) => void;

const fragment = '... on ';

/** Compiles the planner's rewrites into one function that changes the value in place; undefined when there are none. */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  types: TypeConditions,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const steps = rewrites.map((rewrite) => compile(rewrite, types));
  return (value) => {
    for (const step of steps) step(value);
  };
}

/** Response names that exist only between the engine and the subgraph, with the names they stand for. */
export function renamedKeys(rewrites: readonly FetchDataRewrite[] = []): ReadonlyMap<string | number, string> {
  const renamed = new Map<string | number, string>();
  for (const rewrite of rewrites) {
    if (rewrite.kind === 'KeyRenamer') renamed.set(lastOf(rewrite.path), rewrite.renameKeyTo);
  }
  return renamed;
}

function compile(rewrite: FetchDataRewrite, types: TypeConditions): Rewrite {
  const parents = rewrite.path.slice(0, -1);
  const key = lastOf(rewrite.path);
  switch (rewrite.kind) {
    case 'ValueSetter':
      return atPath(parents, types, (object) => {
        object[key] = rewrite.setValueTo;
      });
    case 'KeyRenamer':
      return atPath(parents, types, (object) => {
        if (object[key] === undefined) return;
        object[rewrite.renameKeyTo] = object[key];
        delete object[key];
      });
  }
}

/** Changes every object at the path. */
export function atPath(path: readonly string[], types: TypeConditions, change: (object: DataObject) => void): Rewrite {
  const visit = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth);
    } else if (isDataObject(value)) {
      const step = path[depth];
      if (step === undefined) change(value);
      else if (!step.startsWith(fragment)) visit(value[step], depth + 1);
      else if (fits(value, step.slice(fragment.length), types)) visit(value, depth + 1);
    }
  };
  return (value) => visit(value, 0);
}

/** Objects that were not asked for their type are taken to fit: the planner relies on it. */
function fits({ __typename }: DataObject, condition: string, types: TypeConditions): boolean {
  return typeof __typename !== 'string' || types.includes(condition, __typename);
}

const lastOf = (path: readonly string[]): string => path[path.length - 1] ?? '';
