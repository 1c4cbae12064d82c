import { isDataObject } from '../base/data.js';
import type { FieldShape, ObjectShape, ValueShape } from './shapes.js';

type Path = readonly (string | number)[];

/**
 * A path through the subgraphs' data as the client knows it: response names, cut where the client selected nothing.
 * Undefined for a field that was selected on other types than the object's: it was fetched with theirs, and unless
 * something else `needs` a field of that name, what became of it shows nowhere.
 */
export const clientPath = (
  root: ObjectShape,
  data: unknown,
  path: Path,
  needs: (field: string) => boolean,
): (string | number)[] | undefined => walk(root, data, path, 'key', needs);

/** Whether the shape selects what stands at a path of response names. */
export const selects = (root: ObjectShape, data: unknown, path: Path): boolean =>
  walk(root, data, path, 'name', () => true)?.length === path.length;

function walk(
  root: ObjectShape,
  data: unknown,
  path: Path,
  by: 'key' | 'name',
  needs: (field: string) => boolean,
): (string | number)[] | undefined {
  const known: (string | number)[] = [];
  let shape: ObjectShape | ValueShape = root;
  let value: unknown = data;
  for (const key of path) {
    if (typeof key === 'number') {
      if ('fields' in shape || shape.kind !== 'list') break;
      known.push(key);
      shape = shape.of;
      value = Array.isArray(value) ? value[key] : undefined;
      continue;
    }
    const field = fieldAt(shape, value, key, by);
    if (!field && isSelectedOnOthers(shape, key) && !needs(key)) return undefined;
    if (!field) break;
    known.push(field.name);
    shape = field.type;
    value = isDataObject(value) ? value[field.key] : undefined;
  }
  return known;
}

function fieldAt(
  shape: ObjectShape | ValueShape,
  value: unknown,
  key: string,
  by: 'key' | 'name',
): FieldShape | undefined {
  for (const { fields } of candidates(shape, value)) {
    const field = fields.find((candidate) => candidate[by] === key);
    if (field) return field;
  }
  return undefined;
}

const isSelectedOnOthers = (shape: ObjectShape | ValueShape, key: string): boolean =>
  'kind' in shape &&
  shape.kind === 'abstract' &&
  shape.allShapes().some(({ fields }) => fields.some((field) => field.key === key));

/** The shapes an object may have; more than one only where it is abstract and null, so that its type is not known. */
function candidates(shape: ObjectShape | ValueShape, value: unknown): readonly ObjectShape[] {
  if ('fields' in shape) return [shape];
  if (shape.kind !== 'object' && shape.kind !== 'abstract') return [];
  const known = isDataObject(value) ? shape.shapeOf(value['__typename']) : undefined;
  return known ? [known] : shape.allShapes();
}
