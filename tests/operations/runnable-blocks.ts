import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

/** Commands of a document that are marked with `<!-- run -->`, or with `<!-- run: name -->`. */
export interface RunnableBlock {
  readonly document: string;
  readonly name: string;
  readonly commands: string;
  /** The JSON block that follows at once: what the commands print. */
  readonly printed: unknown;
}

const MARKED = /<!-- run(?:: ([^>]+))? -->\n+```sh\n([\s\S]*?)```\n(?:\n```json\n([\s\S]*?)```)?/g;

/** The marked blocks of a document, in their order. */
export const runnableBlocks = (document: string): RunnableBlock[] =>
  [...readFileSync(join(projectRoot(), document), 'utf8').matchAll(MARKED)].map(
    ([, name = '', commands = '', json]) => ({
      document,
      name,
      commands,
      printed: json === undefined ? undefined : JSON.parse(json),
    }),
  );

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md'];

/** Every document with commands, from the project's root. */
export const documents = (): string[] => [
  ...DOCUMENTS,
  ...readdirSync(join(projectRoot(), 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** The first commands of the document's blocks that are neither run nor say why not: `<!-- not run: what it needs -->`. */
export const unmarkedBlocks = (document: string): string[] =>
  [...readFileSync(join(projectRoot(), document), 'utf8').matchAll(/^(.*)\n+```(?:sh|bash|shell)\n(.*)/gm)]
    .filter(([, before = '']) => !/^<!-- (?:run(?:: .+)?|not run: .+) -->$/.test(before))
    .map(([, , command = '']) => `${document}: ${command}`);
