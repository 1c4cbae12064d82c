import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { print } from '../options.js';

/** A file that is printed from something else; the path is relative to the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
}

/** Writes what is stale; with `check`, names it instead and makes the process fail. */
export function settle(files: readonly GeneratedFile[], check: boolean): void {
  const stale = files.filter(({ path, content }) => committedText(path) !== content);
  for (const { path, content } of stale) {
    if (!check) writeFileSync(join(projectRoot(), path), content);
    print(`${check ? 'stale' : 'wrote'} ${path}`);
  }
  if (stale.length === 0) print('Every generated file is up to date.');
  else if (check) {
    print('Run ./platformctl generate and commit what it writes.');
    process.exitCode = 1;
  }
}

/** The text of a file of the project as it is now; null when there is none. */
export function committedText(path: string): string | null {
  const absolute = join(projectRoot(), path);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : null;
}
