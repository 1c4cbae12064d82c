import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import { print } from '../options.js';
import { assertCheckout, change } from './change.js';
import { assertSubgraph, ModuleFile } from './module-file.js';
import { capitalised, UnfitName } from './names.js';
import { packageFiles } from './package-files.js';
import type { TemplateFile } from './template.js';

/** What a new event is to have. */
export interface NewEvent {
  readonly subgraph: string;
  /** What happened to what, such as `post.pinned`. */
  readonly happening: string;
  /** A sentence for those who handle it. */
  readonly description: string;
}

const HAPPENING = /^([a-z][a-z0-9]*)\.([a-z][a-z0-9_]*)$/;
const IMPORTS = `import { defineEvent } from '@platform/events';\nimport { z } from 'zod';\n`;

/** Declares an event in its subgraph's contracts and module.yaml. @throws UnfitName, InvalidModules, NoCheckout, StepFailed */
export async function newEvent({ subgraph, happening, description }: NewEvent): Promise<void> {
  const root = projectRoot();
  assertCheckout(root);
  assertSubgraph(subgraph);
  const [, resource, verb] = HAPPENING.exec(happening) ?? [];
  if (!resource || !verb) throw new UnfitName(`An event is named like post.pinned: "${happening}" is not.`);
  const type = `${prefixOf(subgraph)}.${happening}`;
  const name = resource + verb.split('_').map(capitalised).join('');
  assertFreeEvent(root, type, name);

  const definition = `
/** ${description.replace(/\.?$/, '.')} */
export const ${name} = defineEvent({
  type: '${type}',
  resource: '${resource}',
  data: z.object({ ${resource}Id: z.uuid() }),
});
`;
  const written = contractFiles(root, subgraph, resource, definition);
  const file = new ModuleFile(root, subgraph).append(['events', 'published'], type);
  const contracts = `subgraphs/${subgraph}/contracts`;
  const touched = {
    files: [ModuleFile.pathOf(subgraph), 'pnpm-lock.yaml', ...written.map(({ path }) => path)],
    made: existsSync(join(root, contracts)) ? [] : [contracts],
  };
  await change(root, `subgraphs/${subgraph}`, touched, () => {
    for (const { path, content } of written) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    file.save();
  });
  print(`
Defined ${name} in ${written[0]?.path}. Say there what it carries, and add it in the transaction of its cause:
  await this.outbox.add(tx, ${name}, { subject: ${resource}.id, data: { ${resource}Id: ${resource}.id } })`);
}

/** The first part of a subgraph's types: its name, but for the platform's own. */
function prefixOf(subgraph: string): string {
  const module = readModules().ordered.find(({ name }) => name === subgraph);
  return module?.events.published[0]?.split('.')[0] ?? subgraph;
}

/** @throws UnfitName */
function assertFreeEvent(root: string, type: string, name: string): void {
  const published = readModules().ordered.flatMap(({ events }) => events.published);
  if (published.includes(type)) throw new UnfitName(`There is an event ${type} already.`);
  const sources = globSync('subgraphs/*/contracts/src/*.ts', { cwd: root });
  const taken = sources.find((path) =>
    new RegExp(`\\bexport const ${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
  );
  if (taken) throw new UnfitName(`${taken} exports ${name} already.`);
}

/** Where events of the resource are, or else all of the subgraph's, or else a new package for them. */
function contractFiles(root: string, subgraph: string, resource: string, definition: string): TemplateFile[] {
  const folder = `subgraphs/${subgraph}/contracts`;
  const sources = globSync(`${folder}/src/*.ts`, { cwd: root }).sort();
  const files = sources.map((path) => ({ path, content: readFileSync(join(root, path), 'utf8') }));
  const home =
    files.find(({ content }) => content.includes(`resource: '${resource}'`)) ??
    files.find(({ content }) => content.includes('defineEvent('));
  if (home) return [{ path: home.path, content: home.content + definition }];
  const index = { path: 'contracts/src/index.ts', content: IMPORTS + definition };
  const manifest = packageFiles(root, `${subgraph}-contracts`, 'contracts', [index], { entry: 'index.js' });
  return [index, ...manifest].map(({ path, content }) => ({ path: `subgraphs/${subgraph}/${path}`, content }));
}
