import { resolve } from 'node:path';
import type { z } from 'zod';
import { refusedSecrets, undecided } from './development-values.js';
import { InvalidConfig } from './invalid-config.js';
import { maskValue } from './mask-secrets.js';
import { type Sections, schemaAt } from './schema-at.js';
import { type ConfigOptions, environmentVariable, readSettings, type Settings } from './settings.js';
import { markOf } from './values.js';

export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The configuration of the sections that were asked for, frozen to its leaves. */
export type Config<S extends Sections> = {
  readonly [K in keyof S]: DeepReadonly<z.output<S[K]>>;
};

/**
 * Reads the configuration once, as a whole. Keys are checked in every section, values in those that were asked for.
 * @throws InvalidConfig listing every mistake.
 */
export function loadConfig<S extends Sections>(sections: S, options?: ConfigOptions): Config<S> {
  return validate(sections, readSettings(sections, options));
}

/** The typed sections of settings that were already read. */
export function validate<S extends Sections>(sections: S, settings: Settings): Config<S> {
  const mistakes = [
    ...settings.mistakes,
    ...missingValues(settings),
    ...undecided(sections, settings),
    ...refusedSecrets(sections, settings),
  ];
  const config: Record<string, unknown> = {};
  const written: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(sections)) {
    written[name] = sectionOf(name, sections, settings);
    const result = schema.safeParse(written[name]);
    if (result.success) config[name] = deepFreeze(result.data);
    else mistakes.push(...result.error.issues.flatMap((issue) => describeIssue(name, issue, sections, settings)));
  }
  if (mistakes.length > 0) throw new InvalidConfig([...new Set(mistakes)], written);
  return Object.freeze(config) as Config<S>;
}

const missingValues = ({ byKey, required }: Settings): string[] =>
  required.filter((key) => byKey.get(key)?.value == null).map(missingValue);

const missingValue = (key: string): string => `${key}: is required; set ${environmentVariable(key)}`;

/** The nested object of one section, its relative paths resolved. */
function sectionOf(name: string, sections: Sections, { byKey, pathBase }: Settings): unknown {
  const section: Record<string, unknown> = {};
  for (const [key, { value }] of byKey) {
    const [first, ...rest] = key.split('.');
    const last = rest.pop();
    if (first !== name || last === undefined) continue;
    let parent = section;
    for (const step of rest) {
      parent[step] ??= {};
      parent = parent[step] as Record<string, unknown>;
    }
    const isPath = markOf(schemaAt(sections, key)).path && typeof value === 'string';
    parent[last] = isPath ? resolve(pathBase, value) : value;
  }
  return section;
}

function describeIssue(section: string, issue: z.core.$ZodIssue, sections: Sections, { byKey }: Settings): string[] {
  const path = [section, ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${path}.${key}: unknown key of the section ${section}`);

  const key = [...byKey.keys()].find((candidate) => path === candidate || path.startsWith(`${candidate}.`));
  const setting = key === undefined ? undefined : byKey.get(key);
  if (!key || !setting) return [`${path}: ${issue.message}`];
  if (setting.value === null) return [missingValue(path)];
  const schema = schemaAt(sections, key);
  const shown = markOf(schema).secret ? '' : `${JSON.stringify(maskValue(schema, setting.value))} `;
  return [`${path}: ${issue.message} (${shown}from ${setting.source})`];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
