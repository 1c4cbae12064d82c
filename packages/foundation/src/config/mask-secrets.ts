import { type Sections, schemaAt } from './schema-at.js';
import { markOf } from './values.js';

export const mask = '********';

/** A copy of a loaded configuration that can be shown: every secret that is set reads `********`. */
export function maskSecrets<T extends object>(sections: Sections, config: T): T {
  return maskBelow(sections, config, '') as T;
}

function maskBelow(sections: Sections, value: unknown, key: string): unknown {
  if (value !== null && markOf(schemaAt(sections, key)).secret) return mask;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const prefix = key && `${key}.`;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, maskBelow(sections, child, prefix + name)]),
  );
}
