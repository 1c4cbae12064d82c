import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder that a .dockerignore lets into the build, by their paths: the last pattern that fits a file or a folder above it decides. */
export function buildContext(folder: string): string[] {
  const patterns = patternsOf(readFileSync(join(folder, '.dockerignore'), 'utf8'));
  const paths: string[] = [];
  const walk = (prefix: string): void => {
    for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
      const path = prefix ? `${prefix}/${entry.name}` : entry.name;
      if (ignored(path, patterns)) continue;
      if (entry.isDirectory()) walk(path);
      else paths.push(path);
    }
  };
  walk('');
  return paths;
}

interface Pattern {
  readonly expression: RegExp;
  readonly exception: boolean;
}

function patternsOf(text: string): Pattern[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const exception = line.startsWith('!');
      return { exception, expression: expressionOf((exception ? line.slice(1) : line).replace(/^\/|\/$/g, '')) };
    });
}

/** As Docker reads them: from the root, `*` within a name, `**` across any number of folders. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map(
      (part) =>
        ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[part] ??
        part.replaceAll(/[.+^$(){}|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

const ignored = (path: string, patterns: readonly Pattern[]): boolean =>
  patterns.reduce((decision, { expression, exception }) => (expression.test(path) ? !exception : decision), false);
