import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import { print } from '../options.js';
import { assertCheckout, change } from './change.js';
import { assertFreeEntity, assertFreeSubgraph, committedSupergraph, type Names, pluralOf } from './names.js';
import { packageFiles } from './package-files.js';
import { renamed, type TemplateFile, templateFiles, wordsOf } from './template.js';

/** What a new subgraph is to have. */
export interface NewSubgraph {
  readonly name: string;
  /** None: a subgraph with a single field. */
  readonly entity?: string | undefined;
  readonly plural?: string | undefined;
}

const LIST = 'supergraph.yaml';

/**
 * Writes a subgraph with everything that the platform asks of one, and has it installed, compiled and composed. When something fails, all is
 * as before. @throws UnfitName, NoCheckout, StepFailed
 */
export async function newSubgraph({ name, entity, plural }: NewSubgraph): Promise<void> {
  const root = projectRoot();
  assertCheckout(root);
  const list = readFileSync(join(root, LIST), 'utf8');
  const listed = readSupergraphConfig(join(root, LIST));
  assertFreeSubgraph(
    root,
    name,
    listed.map((each) => each.name),
  );
  const template = templateFiles(root, entity === undefined ? 'bare' : 'subgraph');
  const names: Names = { subgraph: name, entity: entity ?? 'product', plural: plural ?? pluralOf(entity ?? 'product') };
  if (entity !== undefined) assertFreeEntity(names, wordsOf(template), committedSupergraph(root));

  const port = freePort(listed.map(({ url }) => Number(new URL(url).port)));
  const files = subgraphFiles(root, names, template, port);
  const touched = {
    files: [LIST, 'pnpm-lock.yaml'],
    made: [`subgraphs/${name}`, `packages/runtime/node_modules/@platform/${name}`],
  };
  await change(root, `subgraphs/${name}`, touched, () => {
    for (const { path, content } of files) {
      const target = join(root, 'subgraphs', name, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    writeFileSync(join(root, LIST), `${list.trimEnd()}\n${entryOf(name, port)}`);
    print(
      `Wrote subgraphs/${name} (${files.length} files) and its entry in ${LIST}. Installing, compiling, composing…`,
    );
  });
  print(nextSteps(name));
}

function subgraphFiles(root: string, names: Names, template: readonly TemplateFile[], port: number): TemplateFile[] {
  const files = renamed(template, names, Date.now()).map((file) =>
    file.path === 'module.yaml' ? { ...file, content: file.content.replace(/^port: .*$/m, `port: ${port}`) } : file,
  );
  const within = (folder: string) => files.filter(({ path }) => path.startsWith(folder));
  const contracts = within('contracts/');
  return [
    ...files,
    ...packageFiles(root, names.subgraph, '', within('src/'), { entry: 'main.js', tests: within('test/') }),
    ...(contracts.length > 0
      ? packageFiles(root, `${names.subgraph}-contracts`, 'contracts', contracts, { entry: 'index.js' })
      : []),
  ];
}

const freePort = (listed: readonly number[]): number =>
  Math.max(...readModules().ordered.map(({ port }) => port), ...listed) + 1;

const entryOf = (name: string, port: number): string => `  ${name}:
    routing_url: http://127.0.0.1:${port}/graphql
    schema:
      file: subgraphs/${name}/schema.graphql
`;

const nextSteps = (name: string): string => `
subgraphs/${name} is part of the platform.
  npm test -- subgraphs/${name}    its tests
  npm start                      the platform with it
docs/extending.md goes on from here.`;
