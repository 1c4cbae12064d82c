import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { print } from '../options.js';
import { assertCheckout } from './change.js';
import { assertSubgraph } from './module-file.js';
import { UnfitName } from './names.js';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Writes an empty migration that runs after all that there are. @param what such as `add-pins`. @throws UnfitName, NoCheckout */
export function newMigration(subgraph: string, what: string): void {
  const root = projectRoot();
  assertCheckout(root);
  assertSubgraph(subgraph);
  if (!NAME.test(what)) throw new UnfitName(`A migration is named like add-pins: "${what}" is not.`);
  const folder = join('subgraphs', subgraph, 'migrations');
  const path = join(folder, `${timeAfterAll(root)}-${what}.sql`);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, path), '-- What changes, and which statements wait for it: docs/extending.md#a-migration\n');
  print(`Wrote ${path}.\nWrite the SQL, then: ./platformctl migrate --check`);
}

/** Now, or a moment after the newest migration of all. */
function timeAfterAll(root: string): number {
  const files = globSync(['migrations/*.sql', 'subgraphs/*/migrations/*.sql'], { cwd: root });
  return Math.max(Date.now(), ...files.map((file) => Number.parseInt(basename(file), 10) + 1));
}
