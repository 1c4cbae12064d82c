import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** What tells a process from a later one with the same number: when it started. Undefined when there is no such process. */
export function startedAt(pid: number): string | undefined {
  if (!hasProc) return ps(pid, 'lstart');
  // The name in parentheses may hold anything, so the fields are counted from its end; the 22nd of all is the start time.
  const fields = proc(pid, 'stat')?.replace(/^.*\)/s, '').trim().split(' ');
  return fields && fields[0] !== 'Z' ? fields[19] : undefined;
}

/** The command line of a live process, its arguments separated by spaces. */
export function commandLine(pid: number): string | undefined {
  return hasProc ? proc(pid, 'cmdline')?.replaceAll('\0', ' ') : ps(pid, 'command');
}
