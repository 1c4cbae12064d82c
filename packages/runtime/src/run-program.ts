import { OperatorError } from '@platform/foundation/errors';
import { wordsOf } from './command-line.js';
import { becomeWithHeap, SERVING } from './heap.js';

/** Runs what the command line asks for, with the heap that it wants; whatever fails ends the process with 1. */
export async function runProgram(args: readonly string[], work: () => Promise<unknown>): Promise<void> {
  // A hang-up asks what serves to read its configuration again, and must not end it before it can.
  const words = wordsOf(args);
  if (SERVING.includes(words[0] ?? '')) process.on('SIGHUP', () => {});
  becomeWithHeap(words);
  process.stdout.on('error', outputFailed);
  await work().catch(fail);
}

/** Failures that a person can mend are one clear message; a stack is for those that they cannot. Whatever still runs ends with it. */
async function fail(error: unknown): Promise<void> {
  const mendable = error instanceof OperatorError || (await failedToCompose(error));
  const text = error instanceof Error ? (mendable ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`, () => process.exit(1));
}

async function failedToCompose(error: unknown): Promise<boolean> {
  const { CompositionFailed } = await import('@platform/federation-engine');
  return error instanceof CompositionFailed;
}

/** Whoever read the output has gone, as `head` does: what only prints ends quietly; what serves (and waits for signals) goes on. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
}
