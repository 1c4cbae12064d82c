import { readConfigFile, readDefaults } from './config-file.js';
import { type Sections, schemaAt } from './schema-at.js';
import { environmentVariable, isLocal, type Settings } from './settings.js';
import { markOf } from './values.js';

const DIFFERENCES = ['development', 'test'];

/** Mistakes for secrets that everyone can read in the repository: they serve development and test alone. */
export function refusedSecrets(sections: Sections, { environment, directory, byKey }: Settings): string[] {
  if (isLocal(environment)) return [];

  const known = new Set(byKey.keys());
  const differences = DIFFERENCES.map((name) => readConfigFile(directory, name, known, []));
  const committed = [...readDefaults(directory, sections, []), ...differences].map(({ leaves }) => leaves);
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

/** Mistakes for keys that the sections or the process need, and for which there is only a developer's machine's answer. */
export function undecided(sections: Sections, { environment, directory, byKey, deployed }: Settings): string[] {
  if (isLocal(environment)) return [];

  const needs = new Set([...Object.values(sections).flatMap((section) => markOf(section).needs ?? []), ...deployed]);
  const defaults = new Map(readDefaults(directory, sections, []).flatMap(({ leaves }) => [...leaves]));
  return [...needs].flatMap((key) => {
    const setting = byKey.get(key);
    const variable = environmentVariable(key);
    if (setting?.value == null) return [`${key}: is required; set ${variable}`];
    const told = setting.value !== defaults.get(key) && !byKey.has(setting.source);
    return told ? [] : [`${key}: is ${JSON.stringify(setting.value)} on a developer's machine alone; set ${variable}`];
  });
}
