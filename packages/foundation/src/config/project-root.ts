import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const landmarks = ['pnpm-workspace.yaml', 'config/default.yaml'];

/** The folder that holds config/ and the workspace, found from this module, so that every working directory works. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!landmarks.some((landmark) => existsSync(join(folder, landmark)))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`No folder above ${fileURLToPath(import.meta.url)} holds ${landmarks.join(' or ')}`);
    folder = parent;
  }
  return folder;
}
