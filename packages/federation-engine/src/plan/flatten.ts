import { type DataObject, isDataObject } from '../base/data.js';

/** A `Flatten` path: keys of the data, `@` for every list on the way, and who goes on where not all objects do. */
export type FlattenPath = readonly PathStep[];

export type PathStep = string | OnlyTypes;

/** Objects of other types are left out. */
export interface OnlyTypes {
  readonly types: ReadonlySet<string>;
}

/** An object on the way from the root, with the objects around it. */
export interface Ancestry {
  readonly object: DataObject;
  readonly parent: Ancestry | undefined;
}

const list = '@';

/**
 * Every object at the path, in order. The same object may be met more than once, but what is below a value in
 * `repeated` — known to stand in several places — is looked at once.
 */
export function objectsAt(value: unknown, path: FlattenPath, repeated?: ReadonlyMap<unknown, unknown>): DataObject[] {
  const several = repeated && repeated.size > 0 ? { values: repeated, seen: new Set() } : undefined;
  const end = collect(value, path, 0, 0, several);
  const objects = found.slice(0, end) as DataObject[];
  if (end > MOST_KEPT) found.length = 0;
  else found.fill(undefined, 0, end);
  return objects;
}

/** What a search finds, until it is copied out: an array that need not grow anew each time. */
const found: (DataObject | undefined)[] = [];
const MOST_KEPT = 10_000;

/** Puts what it finds behind the first `count`; answers how many there are then. */
function collect(
  value: unknown,
  path: FlattenPath,
  step: number,
  count: number,
  several: { readonly values: ReadonlyMap<unknown, unknown>; readonly seen: Set<unknown> } | undefined,
): number {
  if (typeof value !== 'object' || value === null) return count;
  if (several?.values.has(value)) {
    if (several.seen.has(value)) return count;
    several.seen.add(value);
  }
  if (Array.isArray(value)) {
    const next = path[step] === list ? step + 1 : step;
    let end = count;
    for (let index = 0; index < value.length; index++) end = collect(value[index], path, next, end, several);
    return end;
  }
  let at = step;
  let key = path[at];
  while (typeof key === 'object') {
    if (!isOneOf(value as DataObject, key)) return count;
    key = path[++at];
  }
  if (key !== undefined) return collect((value as DataObject)[key], path, at + 1, count, several);
  found[count] = value as DataObject;
  return count + 1;
}

/** As objectsAt, with the enclosing objects: contexts are read from them. */
export function ancestriesAt(root: DataObject, path: FlattenPath): Ancestry[] {
  const found: Ancestry[] = [];
  const visit = (value: unknown, parent: Ancestry | undefined, step: number): void => {
    if (Array.isArray(value)) {
      const next = path[step] === list ? step + 1 : step;
      for (const item of value) visit(item, parent, next);
    } else if (isDataObject(value)) {
      const here = { object: value, parent };
      const key = path[step];
      if (key === undefined) found.push(here);
      else if (typeof key === 'string') visit(value[key], here, step + 1);
      else if (isOneOf(value, key)) visit(value, parent, step + 1);
    }
  };
  visit(root, undefined, 0);
  return found;
}

/** Where each object at the path stands, list indexes included. Needed for errors only, hence apart from objectsAt. */
export function locationsAt(root: DataObject, path: FlattenPath): Map<DataObject, (string | number)[][]> {
  const locations = new Map<DataObject, (string | number)[][]>();
  const visit = (value: unknown, here: (string | number)[], step: number): void => {
    if (Array.isArray(value)) {
      const next = path[step] === list ? step + 1 : step;
      for (const [index, item] of value.entries()) visit(item, [...here, index], next);
    } else if (isDataObject(value)) {
      const key = path[step];
      const known = locations.get(value);
      if (typeof key === 'object') {
        if (isOneOf(value, key)) visit(value, here, step + 1);
      } else if (key !== undefined) visit(value[key], [...here, key], step + 1);
      else if (known) known.push(here);
      else locations.set(value, [here]);
    }
  };
  visit(root, [], 0);
  return locations;
}

/** Objects that were not asked for their type are taken to be one. */
const isOneOf = ({ __typename }: DataObject, { types }: OnlyTypes): boolean =>
  typeof __typename !== 'string' || types.has(__typename);
