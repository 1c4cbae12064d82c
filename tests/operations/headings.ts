import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

/** The anchors of a document's headings, as GitHub makes them. */
export const anchorsOf = (document: string): string[] =>
  [...readFileSync(join(projectRoot(), document), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
