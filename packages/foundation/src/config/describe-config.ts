import { validate } from './load-config.js';
import { maskValue } from './mask-secrets.js';
import { type Sections, schemaAt } from './schema-at.js';
import { type ConfigOptions, environmentVariable, readSettings } from './settings.js';

/** One key of the configuration as a person sees it: the value as it was written, secrets masked. */
export interface ConfigLine {
  key: string;
  value: unknown;
  /** A file, an environment variable or `--set`. */
  source: string;
  environmentVariable: string;
}

/**
 * Every key of the given sections, in the order of default.yaml.
 * @throws InvalidConfig when the configuration has mistakes.
 */
export function describeConfig(sections: Sections, options?: ConfigOptions): ConfigLine[] {
  const settings = readSettings(sections, options);
  validate(sections, settings);
  return [...settings.byKey]
    .filter(([key]) => schemaAt(sections, key))
    .map(([key, { value, source }]) => ({
      key,
      value: maskValue(schemaAt(sections, key), value),
      source,
      environmentVariable: environmentVariable(key),
    }));
}
