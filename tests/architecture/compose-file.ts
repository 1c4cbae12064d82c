import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { parse } from 'yaml';

/** What of a service in docker-compose.yml is held against the platform. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

export const projectFile = (name: string): string => readFileSync(join(projectRoot(), name), 'utf8');

/** The compose file as Docker reads it: merge keys applied, variables replaced by the given ones or their defaults. @throws where one is required */
export function composeFile(variables: Readonly<Record<string, string>> = {}): {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
} {
  return JSON.parse(
    JSON.stringify(parse(projectFile('docker-compose.yml'), { merge: true }), (_key, value) =>
      typeof value === 'string' ? interpolated(value, variables) : value,
    ),
  );
}

/** Every variable that the compose file asks for. */
export const composeVariables = (): Set<string> =>
  new Set([...projectFile('docker-compose.yml').matchAll(VARIABLE)].map(([, name]) => name as string));

const VARIABLE = /(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/g;

const interpolated = (text: string, variables: Readonly<Record<string, string>>): string =>
  text
    .replace(VARIABLE, (_, name: string, kind?: '-' | '?', rest = '') => {
      if (kind === '?' && !variables[name]) throw new Error(`${name} ${rest}`);
      return variables[name] || rest;
    })
    .replaceAll('$$', '$');
