import type { IncrementalResult } from '@platform/federation-engine';

type Value = Record<string | number, unknown>;

/** The answer that a client has once every part has come. @throws when a part belongs to something that is not there. */
export function merged(pieces: readonly IncrementalResult[]) {
  const [first, ...rest] = structuredClone(pieces);
  const errors = [...(first?.errors ?? [])];
  const root = { data: first?.data ?? null } as Value;
  for (const { incremental = [] } of rest) {
    for (const { data, path, errors: own = [] } of incremental) {
      errors.push(...own);
      if (data !== null) mergeInto(at(root, ['data', ...path]), data as Value);
    }
  }
  return { data: root['data'] as Record<string, unknown> | null, errors };
}

function at(root: Value, path: readonly (string | number)[]): Value {
  let value: unknown = root;
  for (const key of path) value = (value as Value | null)?.[key];
  if (typeof value !== 'object' || value === null) throw new Error(`A part for ${path.join('.')}, where nothing is.`);
  return value as Value;
}

function mergeInto(target: Value, source: Value): void {
  for (const [key, value] of Object.entries(source)) {
    const known = target[key];
    if (typeof known === 'object' && known !== null && typeof value === 'object' && value !== null) {
      mergeInto(known as Value, value as Value);
    } else if (known === undefined || known === null) {
      target[key] = value;
    }
  }
}
