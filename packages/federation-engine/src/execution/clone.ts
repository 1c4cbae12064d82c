import { LosslessNumber } from '@platform/foundation/json';

/** A deep copy of what came as JSON: of an answer that others hold too, before anything is merged into it. */
export function clone<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof LosslessNumber) return value;
  if (Array.isArray(value)) return value.map(clone) as T;
  const copy = { ...value };
  for (const key in copy) {
    const field = copy[key];
    if (typeof field === 'object' && field !== null) copy[key] = clone(field);
  }
  return copy;
}

/** Whether a copy of the object's fields alone would still share something with it. */
export function isNested(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (typeof field === 'object' && field !== null) return true;
  }
  return false;
}
