/** What serves until a signal ends it. */
export const SERVING: readonly string[] = ['dev', 'platform', 'start', 'router'];

/**
 * Becomes the same program, under the same process id, on a Node.js with the heap that its command wants: flags that are set from within come
 * too late for the young generation. Flags that were given stay, also those of NODE_OPTIONS; workers inherit them.
 * @param words of the command line, without options.
 */
export function becomeWithHeap(words: readonly string[]): void {
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].map(nameOf);
  const missing = heapOf(words).filter((flag) => !given.includes(nameOf(flag)));
  // Another program would have no channel to the process that has forked this one.
  if (missing.length === 0 || process.channel) return;
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...missing, ...process.argv.slice(1)]);
}

function heapOf([command = '', name]: readonly string[]): readonly string[] {
  if (!SERVING.includes(command)) return [];
  // Of what a start leaves behind a process frees itself when it is ready (foundation's runUntilSignal).
  const flags = ['--expose-gc'];
  // A router holds little and throws away much: without these bounds V8 lets the rubbish of a busy one grow to twice its memory
  // (docs/decisions/0045-memory-of-a-router-process.md).
  if (command === 'router' || name === 'router') flags.push('--max-semi-space-size=16', '--heap-growing-percent=125');
  // Events come by the thousand and are garbage a moment later: with room for them, half of the collector's work is saved.
  if (name === 'audit') flags.push('--max-semi-space-size=64');
  return flags;
}

const nameOf = (flag: string): string | undefined => flag.split('=')[0]?.replaceAll('_', '-');
