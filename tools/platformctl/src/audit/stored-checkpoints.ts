import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredCheckpoints } from '@platform/audit/verification';
import { UnusableFile } from '@platform/runtime/unusable-file';
import { CheckpointFiles, linesOf } from '@platform/transparency-log';

/** The checkpoints that were kept outside the database: those of this machine, and those at the paths. */
export function storedCheckpoints(dataDir: string, logId: string, paths: readonly string[]): StoredCheckpoints[] {
  const own = join(dataDir, 'audit', logId);
  return [...(existsSync(own) ? [own] : []), ...paths].map(keptAt);
}

function keptAt(path: string): StoredCheckpoints {
  try {
    return statSync(path).isDirectory() ? inFolder(path) : inFile(path);
  } catch (error) {
    throw new UnusableFile(path, error as Error);
  }
}

function inFolder(path: string): StoredCheckpoints {
  const files = new CheckpointFiles(path);
  return { place: path, read: () => files.read() };
}

/** One signed note, as it is published, or what a witness has seen: a note a line. */
function inFile(path: string): StoredCheckpoints {
  const file = openSync(path, 'r');
  const begin = Buffer.alloc(1);
  readSync(file, begin);
  closeSync(file);
  const notes = begin.toString() === '{' ? notesIn(path) : () => [readFileSync(path, 'utf8')];
  return {
    place: path,
    async *read() {
      for await (const note of notes()) yield { note, from: 0, leaves: [] };
    },
  };
}

const notesIn = (path: string) =>
  async function* (): AsyncGenerator<string> {
    for await (const line of linesOf(path)) if (line !== '') yield JSON.parse(line).note;
  };
