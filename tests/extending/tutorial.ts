import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

/** What a reader of docs/tutorial.md does next. */
export type Step =
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'file'; readonly path: string; readonly language: string; readonly text: string };

const BLOCK = /<!-- run: tutorial -->\n+```sh\n([\s\S]*?)```|^`(\S+)`\n+```(diff|ts|sql)\n([\s\S]*?)^```/gm;

/** The steps of the tutorial, in their order. */
export const tutorialSteps = (): Step[] =>
  [...readFileSync(join(projectRoot(), 'docs/tutorial.md'), 'utf8').matchAll(BLOCK)].map(
    ([, commands, path = '', language = '', text = '']) =>
      commands === undefined
        ? { kind: 'file', path, language, text }
        : { kind: 'commands', lines: commands.trim().split('\n') },
  );

/** The lines that a reader writes or changes by hand, besides tests. */
export const handWritten = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => {
    if (step.kind === 'commands' || step.path.includes('/test/')) return [];
    const lines = step.text.split('\n');
    const own =
      step.language === 'diff' ? lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)) : lines;
    return own.filter((line) => line.trim() !== '');
  });

/** Writes a file of the tutorial, or changes one. @throws when the change does not fit what is there */
export function writeStep(root: string, { path, language, text }: Extract<Step, { kind: 'file' }>): void {
  if (language !== 'diff') {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return;
  }
  const patch = `--- a/${path}\n+++ b/${path}\n${text}`;
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: patch });
  if (status !== 0) throw new Error(`${path} is not as the tutorial has it: ${stderr}`);
}
