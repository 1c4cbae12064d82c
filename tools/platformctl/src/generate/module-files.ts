import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import type { GeneratedFile } from './settle.js';

interface ModuleFiles {
  workspaceFiles(root: string): GeneratedFile[];
  permissionsFile(root: string): GeneratedFile;
}

/** What is made from the folders of subgraphs before anything is compiled: scripts/module-files.mjs makes it for a checkout, too. @throws InvalidModules */
export async function moduleFiles(): Promise<GeneratedFile[]> {
  readModules();
  const root = projectRoot();
  const script = pathToFileURL(join(root, 'scripts', 'module-files.mjs')).href;
  const { workspaceFiles, permissionsFile }: ModuleFiles = await import(script);
  return [...workspaceFiles(root), permissionsFile(root)];
}
