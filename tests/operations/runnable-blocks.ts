import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/kernel/config';

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
