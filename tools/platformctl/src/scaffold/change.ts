import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@platform/foundation/errors';
import { generatedFiles } from '../generate/generated-files.js';
import { run } from './run.js';

/** The image has no compiler, and nowhere to keep what would be written. */
class NoCheckout extends OperatorError {
  constructor() {
    super('Code is added to a checkout of the repository, by ./platformctl there.');
  }
}

/** @throws NoCheckout */
export function assertCheckout(root: string): void {
  if (!existsSync(join(root, 'scripts', 'prepare.mjs'))) throw new NoCheckout();
}

/** What a change to the repository touches, relative to its root. */
export interface Touched {
  /** Files that the change writes itself; generated ones are known. */
  readonly files: readonly string[];
  /** Folders and links that only the change makes. */
  readonly made?: readonly string[];
}

/**
 * Writes code, and has it installed, compiled, composed and formatted. Whether it fails or is interrupted, all is as before.
 * @param folder whose sources are formatted. @throws whatever `write` throws; StepFailed
 */
export async function change(root: string, folder: string, touched: Touched, write: () => void): Promise<void> {
  const undo = undoing(root, touched, [...touched.files, ...(await generatedFiles()).map(({ path }) => path)]);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const step = (program: string, ...args: string[]) => run(interruption.signal, program, ...args);
  try {
    write();
    await step('scripts/prepare.mjs');
    await step('tools/platformctl/dist/main.js', 'generate');
    const biome = ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', '--log-level=error'] as const;
    await step(...biome, '--reporter=summary', folder);
  } catch (error) {
    undo();
    if (interruption.signal.aborted) process.exit(130);
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Puts the files back as they are now, and takes away what was made. */
function undoing(root: string, { made = [] }: Touched, paths: readonly string[]): () => void {
  const before = paths
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, content: readFileSync(path) }));
  return () => {
    for (const path of made) rmSync(join(root, path), { recursive: true, force: true });
    for (const { path, content } of before) writeFileSync(path, content);
  };
}
