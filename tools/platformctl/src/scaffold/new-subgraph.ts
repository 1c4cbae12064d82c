import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import { readModules } from '@platform/runtime/modules';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import { generatedFiles } from '../generate/generated-files.js';
import { print } from '../options.js';
import { assertFreeEntity, assertFreeSubgraph, committedSupergraph, type Names, pluralOf } from './names.js';
import { packageFiles } from './package-files.js';
import { run } from './run.js';
import { renamed, type TemplateFile, templateFiles, wordsOf } from './template.js';

/** What a new subgraph is to have. */
export interface NewSubgraph {
  readonly name: string;
  /** None: a subgraph with a single field. */
  readonly entity?: string | undefined;
  readonly plural?: string | undefined;
}

/** The image has no compiler, and nowhere to keep what would be written. */
class NoCheckout extends OperatorError {
  constructor() {
    super('A subgraph is added to a checkout of the repository, by ./platformctl there.');
  }
}

const LIST = 'supergraph.yaml';

/**
 * Writes a subgraph with everything that the platform asks of one, and has it installed, compiled and composed. When something fails, all is
 * as before. @throws UnfitName, NoCheckout, StepFailed
 */
export async function newSubgraph({ name, entity, plural }: NewSubgraph): Promise<void> {
  const root = projectRoot();
  if (!existsSync(join(root, 'scripts', 'prepare.mjs'))) throw new NoCheckout();
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
  const undo = undoing(root, name, [LIST, 'pnpm-lock.yaml', ...(await generatedFiles()).map(({ path }) => path)]);
  const interrupted = () => {
    undo();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    for (const { path, content } of files) {
      const target = join(root, 'subgraphs', name, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    writeFileSync(join(root, LIST), `${list.trimEnd()}\n${entryOf(name, port)}`);
    print(
      `Wrote subgraphs/${name} (${files.length} files) and its entry in ${LIST}. Installing, compiling, composing…`,
    );
    await run('scripts/prepare.mjs');
    await run('tools/platformctl/dist/main.js', 'generate');
    await run(
      'node_modules/@biomejs/biome/bin/biome',
      'check',
      '--write',
      '--log-level=error',
      '--reporter=summary',
      `subgraphs/${name}`,
    );
  } catch (error) {
    undo();
    throw error;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
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

/** Puts the files back as they are now, and takes the folder away. */
function undoing(root: string, name: string, paths: readonly string[]): () => void {
  const before = paths.map((path) => ({ path: join(root, path), content: readFileSync(join(root, path)) }));
  return () => {
    rmSync(join(root, 'subgraphs', name), { recursive: true, force: true });
    rmSync(join(root, 'packages/runtime/node_modules/@platform', name), { force: true });
    for (const { path, content } of before) writeFileSync(path, content);
  };
}

const nextSteps = (name: string): string => `
subgraphs/${name} is part of the platform.
  npm test -- subgraphs/${name}    its tests
  npm start                      the platform with it
docs/extending.md goes on from here.`;
