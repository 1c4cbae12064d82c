import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { bareEnvironment } from '../services/environment.js';

/** A process of the platform under test, started through the command line as a person would. */
export class PlatformProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly commandLine: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.output += chunk));
  }

  /** Runs `platformctl <args>`; `env` is added to a bare environment, in which nothing of the test run's own is left. */
  static start(args: readonly string[], env: Record<string, string> = {}): PlatformProcess {
    return PlatformProcess.script(join(projectRoot(), 'tools', 'platformctl', 'dist', 'main.js'), env, args);
  }

  /** Runs a program of a test's own in the same way. */
  static script(file: string, env: Record<string, string> = {}, args: readonly string[] = []): PlatformProcess {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: projectRoot(),
      env: { ...bareEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new PlatformProcess(child, [basename(file, '.js'), ...args].join(' '));
  }

  /** Runs `platformctl <args>` to its end. */
  static async run(
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ code: number | null; printed: string }> {
    const process = PlatformProcess.start(args, env);
    return { code: await process.ended(), printed: process.printed };
  }

  /** Everything that the process has printed. */
  get printed(): string {
    return this.output;
  }

  /** The first match in what the process prints. @throws with all of its output when it ends or `timeout` ms pass before. */
  async prints(pattern: RegExp, timeout = 60_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      const ended = this.child.exitCode !== null || this.child.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new Error(
          `${this.commandLine} ${ended ? 'ended' : 'went on'} without printing ${pattern}:\n${this.output}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process with the signal. Answers its exit code; null when the signal killed it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      this.child.kill(signal);
      await closed;
    }
    return this.child.exitCode;
  }

  /** The exit code of a process that ends by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Halts or continues the process: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
