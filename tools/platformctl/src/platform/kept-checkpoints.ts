import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointFiles } from '@platform/audit/services';
import type { KeptCheckpoints } from '@platform/audit/verification';
import { UnusableFile } from '../options.js';

/** The checkpoints that were kept outside the database: those of this machine, and those at the paths. */
export function keptCheckpoints(dataDir: string, logId: string, paths: readonly string[]): KeptCheckpoints[] {
  const own = join(dataDir, 'audit', logId);
  return [...(existsSync(own) ? [own] : []), ...paths].map(keptAt);
}

function keptAt(path: string): KeptCheckpoints {
  try {
    return statSync(path).isDirectory() ? inFolder(path) : inFile(path);
  } catch (error) {
    throw new UnusableFile(path, error as Error);
  }
}

function inFolder(path: string): KeptCheckpoints {
  const files = new CheckpointFiles(path);
  return { place: path, read: () => files.read() };
}

/** One signed note, as it is published, or what a witness has seen: a note a line. */
function inFile(path: string): KeptCheckpoints {
  const text = readFileSync(path, 'utf8');
  const notes = text.startsWith('{')
    ? text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).note)
    : [text];
  return {
    place: path,
    async *read() {
      for (const note of notes) yield { note, from: 0, leaves: [] };
    },
  };
}
