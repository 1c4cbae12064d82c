import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { DOWNLOAD_PATH } from '@platform/audit/export';
import { errorBody, type HttpRoutes } from '@platform/kernel/http';

const PASSED = [
  'content-type',
  'content-length',
  'content-disposition',
  'cache-control',
  'referrer-policy',
  'x-content-type-options',
];

/**
 * Lets people fetch exports of the audit log at the router, the one public entry, though another process has them: what that one answers
 * streams through, at the pace of the client. The link is checked there.
 */
export const exportDownloads =
  (auditUrl: string): HttpRoutes =>
  (app) => {
    app.get(DOWNLOAD_PATH, async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const headers = { 'x-request-id': request.id, 'user-agent': request.headers['user-agent'] ?? '' };
      const target = new URL(request.url, auditUrl);
      const response = await fetch(target, { headers, signal: gone.signal }).catch(() => undefined);
      if (!response)
        return reply.code(503).send(errorBody('SUBGRAPH_UNAVAILABLE', 'The audit log is away.', request.id));
      for (const name of PASSED) {
        const value = response.headers.get(name);
        if (value !== null) void reply.header(name, value);
      }
      return reply.code(response.status).send(response.body && Readable.fromWeb(response.body as ReadableStream));
    });
  };
