import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportJob } from './export-job.js';

/** The files of exports in one folder, each named after its job. */
export class ExportFiles {
  constructor(private readonly folder: string) {}

  /** Where an export's file lies once it is whole. */
  of({ jobId, format }: Pick<ExportJob, 'jobId' | 'format'>): string {
    return join(this.folder, `${jobId}.${format.toLowerCase()}`);
  }

  /** Writes the file of a job; it appears under its name when it is whole. */
  async write(job: ExportJob, lines: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    const file = this.of(job);
    await mkdir(this.folder, { recursive: true });
    await pipeline(Readable.from(lines), createWriteStream(`${file}.part`, { mode: 0o600 }), { signal });
    await rename(`${file}.part`, file);
  }

  /** Removes every file of which there is no job, those that were never finished too. @param known which of the jobs there are */
  async removeAllBut(known: (jobIds: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => OF_A_JOB.test(name));
    if (names.length === 0) return;
    const jobs = await known(names.map(jobIdOf));
    for (const name of names) if (!jobs.has(jobIdOf(name))) await rm(join(this.folder, name), { force: true });
  }
}

/** Whole or begun; what else lies in the folder is somebody else's. */
const OF_A_JOB = /^[0-9a-f-]{36}\.(csv|jsonl)(\.part)?$/;

const jobIdOf = (name: string): string => name.split('.', 1)[0] as string;
