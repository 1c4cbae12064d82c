import { readConfigFile } from './config-file.js';
import { type Sections, schemaAt } from './schema-at.js';
import { environmentVariable, type Settings } from './settings.js';
import { markOf } from './values.js';

const committedFiles = ['default', 'development', 'test'];

/** Mistakes for secrets that everyone can read in the repository: they serve development and test alone. */
export function refusedSecrets(sections: Sections, { environment, directory, byKey }: Settings): string[] {
  if (environment === 'development' || environment === 'test') return [];

  const known = new Set(byKey.keys());
  const committed = committedFiles.map((name) => readConfigFile(directory, name, known, []).leaves);
  return [...byKey]
    .filter(([key, { value }]) => {
      const guarded = markOf(schemaAt(sections, key)).developmentOnly && value !== null;
      return guarded && committed.some((leaves) => leaves.get(key) === value);
    })
    .map(
      ([key]) =>
        `${key}: the committed development value is refused in ${environment}; set ${environmentVariable(key)}`,
    );
}
