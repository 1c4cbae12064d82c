import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import { expandVariables } from './expand-variables.js';
import { projectRoot } from './project-root.js';
import { type Sections, schemaAt } from './schema-at.js';

/** A file of the configuration folder as `server.port → value` pairs. An empty map (`{}`) is a value: its keys are free. */
export interface ConfigFile {
  name: string;
  leaves: Map<string, unknown>;
}

/**
 * Reads config/<name>.yaml; what cannot be read is added to the mistakes and gives no values.
 * Below a known key nothing is taken apart, whatever its value.
 */
export function readConfigFile(
  directory: string,
  name: string,
  known: ReadonlySet<string>,
  mistakes: string[],
): ConfigFile {
  const shown = `${labelOf(directory)}/${name}.yaml`;
  const location = join(directory, `${name}.yaml`);
  if (existsSync(location)) return read(location, shown, known, mistakes);
  mistakes.push(`${shown} does not exist in ${directory}`);
  return { name: shown, leaves: new Map() };
}

/** Every key and its default: what default.yaml extends, default.yaml of the folder, then config.yaml of each subgraph beside the folder, which has that subgraph's section alone. */
export function readDefaults(directory: string, sections: Sections, mistakes: string[]): ConfigFile[] {
  const subgraphs = join(dirname(directory), 'subgraphs');
  const names = existsSync(subgraphs) ? readdirSync(subgraphs).sort() : [];
  const own = names.flatMap((name) => {
    const location = join(subgraphs, name, 'config.yaml');
    if (!existsSync(location)) return [];
    const file = read(location, `subgraphs/${name}/config.yaml`, new Set(), mistakes);
    const foreign = [...file.leaves.keys()].filter((key) => !key.startsWith(`${name}.`));
    mistakes.push(...foreign.map((key) => `${key}: is no key of the section ${name} (${file.name})`));
    return [file];
  });
  return [...readOverlay(directory, sections, mistakes), ...own];
}

/**
 * default.yaml of the folder, after the file that it `extends`. Of that file there are the keys that the sections know, but for those
 * whose place has another value here: a map of it may be null here, and null may be a map.
 */
function readOverlay(directory: string, sections: Sections, mistakes: string[]): ConfigFile[] {
  const plain = readConfigFile(directory, 'default', new Set(), mistakes);
  const extended = plain.leaves.get(EXTENDS);
  if (typeof extended !== 'string') return [plain];

  const location = join(directory, extended);
  const base = readConfigFile(dirname(location), basename(location, '.yaml'), new Set(), mistakes);
  const known = [...base.leaves].filter(([key]) => schemaAt(sections, key));
  const overlay = readConfigFile(directory, 'default', new Set(known.map(([key]) => key)), mistakes);
  overlay.leaves.delete(EXTENDS);
  const replaced = [...overlay.leaves.keys()].map((key) => `${key}.`);
  const kept = known.filter(([key]) => !replaced.some((prefix) => key.startsWith(prefix)));
  return [{ name: base.name, leaves: new Map(kept) }, overlay];
}

/** How mistakes name the folder: as it stands in the project. */
function labelOf(directory: string): string {
  const label = relative(projectRoot(), directory);
  return label.startsWith('..') ? 'config' : label;
}

/** The key by which a default.yaml names the one that it differs from, relative to itself. */
const EXTENDS = 'extends';

/** Reads a file that somebody keeps outside the configuration folder, under the name that they gave it; its texts may name environment variables. */
export function readOwnFile(
  location: string,
  known: ReadonlySet<string>,
  mistakes: string[],
  env: Readonly<Record<string, string | undefined>>,
): ConfigFile {
  if (existsSync(location)) return expanded(read(location, location, known, mistakes), env, mistakes);
  mistakes.push(`${location} does not exist`);
  return { name: location, leaves: new Map() };
}

function expanded(
  { name, leaves }: ConfigFile,
  env: Readonly<Record<string, string | undefined>>,
  mistakes: string[],
): ConfigFile {
  const values = [...leaves].map(([key, value]): [string, unknown] => {
    const mistake = (reason: string) => mistakes.push(`${key}: ${reason} (from ${name})`);
    return [key, expandVariables(value, env, mistake)];
  });
  return { name, leaves: new Map(values) };
}

function read(location: string, name: string, known: ReadonlySet<string>, mistakes: string[]): ConfigFile {
  const file: ConfigFile = { name, leaves: new Map() };
  const document = parseDocument(readFileSync(location, 'utf8'));
  if (document.errors.length > 0) {
    mistakes.push(...document.errors.map((error) => `${file.name}: ${error.message.split('\n')[0]}`));
    return file;
  }
  const content: unknown = document.toJS() ?? {};
  if (isMap(content)) collectLeaves(content, '', known, file.leaves);
  else mistakes.push(`${file.name}: must be a map of sections`);
  return file;
}

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function collectLeaves(
  map: Record<string, unknown>,
  prefix: string,
  known: ReadonlySet<string>,
  leaves: Map<string, unknown>,
): void {
  for (const [key, value] of Object.entries(map)) {
    const path = prefix + key;
    if (isMap(value) && Object.keys(value).length > 0 && !known.has(path))
      collectLeaves(value, `${path}.`, known, leaves);
    else leaves.set(path, value);
  }
}
