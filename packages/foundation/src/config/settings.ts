import { dirname, join, resolve } from 'node:path';
import { closest } from './closest.js';
import { coerce, typed } from './coerce.js';
import { readConfigFile, readDefaults, readOwnFile } from './config-file.js';
import { InvalidConfig } from './invalid-config.js';
import { projectRoot } from './project-root.js';
import { type Sections, schemaAt } from './schema-at.js';
import { markOf } from './values.js';

export interface ConfigOptions {
  /** The folder of default.yaml, beside which subgraphs/ may lie; the project's own config/ by default. */
  directory?: string;
  /** A file that lies over the environment's. Relative paths then start at its folder. Without one, PLATFORM_CONFIG_FILE may name one. */
  file?: string;
  /** Which config/<environment>.yaml lies over default.yaml; PLATFORM_ENV by default. */
  environment?: string;
  env?: Record<string, string | undefined>;
  /** `key=value` pairs of the command line: the last word. */
  set?: string[];
  /** Keys that the files leave null, but that this process cannot do without. */
  required?: readonly string[];
  /** Keys for which the committed files have an answer on a developer's machine alone: elsewhere this process cannot do without. */
  deployed?: readonly string[];
}

/** A value before validation, and where it was found. */
export interface Setting {
  value: unknown;
  source: string;
}

export interface Settings {
  environment: string;
  directory: string;
  /** Where relative paths start. */
  pathBase: string;
  byKey: Map<string, Setting>;
  required: readonly string[];
  deployed: readonly string[];
  mistakes: string[];
}

/** The name of the environment that a process runs in. */
export const environmentName = (env: Record<string, string | undefined> = process.env): string =>
  env.PLATFORM_ENV || 'development';

/** `router.rateLimit.enabled` → `ROUTER_RATE_LIMIT_ENABLED`. */
export const environmentVariable = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toUpperCase();

/** Every key with its last word: defaults, then the environment's file, then environment variables, then `--set`. */
export function readSettings(sections: Sections, options: ConfigOptions = {}): Settings {
  const env = options.env ?? process.env;
  const environment = options.environment ?? environmentName(env);
  const directory = options.directory ?? join(projectRoot(), 'config');
  if (!/^[a-z][a-z0-9-]*$/.test(environment))
    throw new InvalidConfig([`PLATFORM_ENV: "${environment}" is no name of an environment`]);

  const mistakes: string[] = [];
  const byKey = new Map<string, Setting>(
    readDefaults(directory, sections, mistakes).flatMap(({ name, leaves }) =>
      [...leaves].map(([key, value]) => [key, { value, source: name }] as const),
    ),
  );
  const known = new Set(byKey.keys());

  const differences = [readConfigFile(directory, environment, known, mistakes)];
  const file = options.file ?? (options.directory === undefined ? env.PLATFORM_CONFIG_FILE || undefined : undefined);
  if (file !== undefined) differences.push(readOwnFile(file, known, mistakes, env));
  for (const { name, leaves } of differences) {
    for (const [key, value] of leaves) {
      const emptySection = value === null && isSection(key, known);
      if (known.has(key)) byKey.set(key, { value: typed(schemaAt(sections, key), value), source: name });
      else if (!emptySection) mistakes.push(unknownKey(key, name, known));
    }
  }

  for (const key of known) {
    const variable = environmentVariable(key);
    const text = env[variable];
    // Compose files and CI pass variables that nobody filled in: empty is as good as unset.
    if (text)
      byKey.set(key, {
        value: coerce(schemaAt(sections, key), text),
        source: variable,
      });
  }

  for (const pair of options.set ?? []) {
    const [, key = '', text = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (!key) mistakes.push(`--set ${pair}: must be key=value`);
    else if (!known.has(key)) mistakes.push(unknownKey(key, '--set', known));
    else
      byKey.set(key, {
        value: coerce(schemaAt(sections, key), text),
        source: '--set',
      });
  }
  inheritValues(sections, byKey);
  const pathBase = options.file === undefined ? dirname(directory) : dirname(resolve(options.file));
  const { required = [], deployed = [] } = options;
  return { environment, directory, pathBase, byKey, required, deployed, mistakes };
}

/** A developer's machine or a test: the committed values, secrets too, are for these alone. */
export const isLocal = (environment: string): boolean => environment === 'development' || environment === 'test';

/** Keys that nobody set take over the value of the one that they follow, and its name as their source. */
function inheritValues(sections: Sections, byKey: Map<string, Setting>): void {
  const resolve = (key: string): Setting | undefined => {
    const setting = byKey.get(key);
    const other = markOf(schemaAt(sections, key)).inherits;
    if (setting?.value !== null || other === undefined) return setting;
    return { value: resolve(other)?.value ?? null, source: other };
  };
  for (const key of byKey.keys()) {
    const setting = resolve(key);
    if (setting) byKey.set(key, setting);
  }
}

const isSection = (key: string, known: Set<string>): boolean => [...known].some((leaf) => leaf.startsWith(`${key}.`));

function unknownKey(key: string, source: string, known: Set<string>): string {
  if (isSection(key, known)) return `${key}: is a section, not a value (${source})`;
  const suggestion = closest(key, known);
  return `${key}: unknown key (${source})${suggestion ? `; did you mean ${suggestion}?` : ''}`;
}
