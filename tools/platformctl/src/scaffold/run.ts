import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';

/** A program that the new code has to go through ended otherwise than well; what it said stands above. */
class StepFailed extends OperatorError {
  constructor(program: string) {
    super(`${program} failed: nothing was changed.`);
  }
}

/** Runs a program of the repository to its end, and ends it when the signal is aborted. @throws StepFailed; the signal's reason, once the program has ended */
export async function run(signal: AbortSignal, program: string, ...args: string[]): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(projectRoot(), program), ...args], {
    cwd: projectRoot(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new StepFailed(program);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
