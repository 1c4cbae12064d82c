import { spawn } from 'node:child_process';

/** Runs a shell command (its arguments are $1, $2, …) once this process is gone, however it went; also when `release` is called. */
export function whenGone(command: string, ...args: string[]): { release(): void } {
  // The pipe closes with this process. A session of its own keeps a terminal's Ctrl-C away.
  const dog = spawn('/bin/sh', ['-c', `cat >/dev/null; ${command}`, 'watchdog', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  dog.unref();
  const { stdin } = dog;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return { release: () => stdin.end() };
}
