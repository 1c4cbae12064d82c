import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errorBody, type HttpRoutes } from '@platform/foundation/http';
import { acrossTenants } from '@platform/postgres/tenancy';
import { DOWNLOAD_PATH, type DownloadLinks } from './download-links.js';
import type { ExportFiles } from './export-files.js';
import type { ExportFormat } from './export-job.js';
import type { ExportJobs } from './export-jobs.js';

const MEDIA_TYPES = { CSV: 'text/csv; charset=utf-8', JSONL: 'application/jsonl; charset=utf-8' } as const satisfies {
  readonly [Format in ExportFormat]: string;
};

interface Query {
  readonly expires?: string;
  readonly signature?: string;
}

/** Hands a finished export to whoever has a good link to it, as it lies in the file. Every other request is answered alike. */
export const downloadRoute =
  (jobs: ExportJobs, files: ExportFiles, links: DownloadLinks): HttpRoutes =>
  (app) => {
    app.get<{ Params: { jobId: string }; Querystring: Query }>(DOWNLOAD_PATH, async (request, reply) => {
      void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      const job = await linkedJob(jobs, links, request.params.jobId, request.query);
      const size = job && (await sizeOf(files.of(job)));
      if (!job || !size) {
        return reply
          .code(404)
          .send(errorBody('NOT_FOUND', 'There is no such export, or its link is not good any more.'));
      }
      await jobs.downloaded(job);
      return reply
        .headers({
          'content-type': MEDIA_TYPES[job.format],
          'content-length': size,
          'content-disposition': `attachment; filename="audit-${job.jobId}.${job.format.toLowerCase()}"`,
          'x-content-type-options': 'nosniff',
        })
        .send(createReadStream(files.of(job)));
    });
  };

async function linkedJob(jobs: ExportJobs, links: DownloadLinks, jobId: string, { expires, signature }: Query) {
  // Nobody is signed in: who may have it, the link says.
  const job = await acrossTenants(() => jobs.find(jobId));
  if (job?.status !== 'DONE') return undefined;
  return (await links.isGood(job, Number(expires), String(signature))) ? job : undefined;
}

/** In bytes; undefined where there is no such file, as on another machine than that which wrote it. */
const sizeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
