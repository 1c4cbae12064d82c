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

/** Runs a program of the repository in this process's place of the terminal, to its end. @throws StepFailed */
export async function run(program: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot(), program), ...args], {
    cwd: projectRoot(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  if (code !== 0) throw new StepFailed(program);
}
