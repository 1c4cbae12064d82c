import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

/** What is in no commit; what is compiled comes along, so that not everything has to be again. */
const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'coverage']);

/** A copy of the repository as a newcomer has it, to change. */
export class Checkout {
  private constructor(readonly root: string) {}

  static copy(): Checkout {
    const root = mkdtempSync(join(tmpdir(), 'platform-checkout-'));
    chmodSync(root, 0o755); // an unprivileged PostgreSQL enters it
    const filter = (source: string) => !LEFT_OUT.has(basename(source));
    cpSync(projectRoot(), root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true, filter });
    return new Checkout(root);
  }

  /** Runs a program in it, and returns what it prints. @throws with all of that when the program fails */
  async run(program: string, ...args: string[]): Promise<string> {
    const { code, printed } = await this.spawned(program, args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${printed}`);
    return printed;
  }

  /** Runs a program and ends it as soon as it prints that. Answers its exit code. */
  async interrupted(after: RegExp, program: string, ...args: string[]): Promise<number | null> {
    const { code } = await this.spawned(program, args, (child, printed) => {
      if (after.test(printed)) child.kill('SIGTERM');
    });
    return code;
  }

  private async spawned(
    program: string,
    args: readonly string[],
    onPrinted?: (child: ChildProcess, printed: string) => void,
  ): Promise<{ code: number | null; printed: string }> {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(program, args, { cwd: this.root, env: { PATH, HOME }, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk;
        onPrinted?.(child, printed);
      });
    }
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
    return { code, printed };
  }

  /** The files that differ from those of the repository, but for what no commit has. */
  changed(): string[] {
    const own = filesOf(this.root);
    const theirs = filesOf(projectRoot());
    const differ = (path: string) => !theirs.has(path) || !own.has(path) || own.get(path) !== theirs.get(path);
    return [...new Set([...own.keys(), ...theirs.keys()])].filter(differ).sort();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function filesOf(root: string): Map<string, string> {
  const exclude = (name: string) => LEFT_OUT.has(name) || name === 'dist';
  const paths = globSync(['**/*.*', '.env.*', '.github/**/*.*'], {
    cwd: root,
    exclude: (path) => exclude(basename(path)),
  });
  return new Map(paths.map((path) => [path, textOf(join(root, path))]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return 'a folder';
  }
}
