import type { Readable } from 'node:stream';
import { errorBody, type HttpRoutes } from '@platform/foundation/http';
import type { FastifyReply } from 'fastify';
import type { BlobFolder, StoreOutcome } from './blob-folder.js';
import type { LinkQuery, PresignedUrls } from './presigned-urls.js';

/** Where the blobs of a module are sent and fetched. */
export const blobPath = (module: string): string => `/blobs/${module}/*`;

interface BlobRequest {
  Params: { '*': string };
  Querystring: LinkQuery;
  Body: Readable | undefined;
}

/** A link is all the right that there is, and no cookie goes with it: pages of every origin may use one that they were given. */
const FOR_EVERYBODY = { 'access-control-allow-origin': '*' };

/** Takes and gives the blobs of a module by signed links. What has no good link is answered like what is not there. */
export const blobRoutes =
  (module: string, folder: BlobFolder, links: PresignedUrls): HttpRoutes =>
  (app) => {
    void app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
      scope.addHook('onRequest', async (_request, reply) => void reply.headers(FOR_EVERYBODY));

      scope.options<BlobRequest>(blobPath(module), async (_request, reply) =>
        reply
          .code(204)
          .headers({ 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': 'content-type' })
          .send(),
      );

      scope.get<BlobRequest>(blobPath(module), async (request, reply) => {
        const key = `${module}/${request.params['*']}`;
        const link = links.verify('GET', key, request.query);
        const blob = link && (await folder.find(key));
        if (!blob) return refused(reply);
        return reply
          .headers({
            'content-type': link.permitted.type,
            'content-length': blob.size,
            'cache-control': `private, immutable, max-age=${Math.floor(link.left / 1000)}`,
            'x-content-type-options': 'nosniff',
            'content-security-policy': "default-src 'none'; sandbox",
            'cross-origin-resource-policy': 'cross-origin',
          })
          .send(folder.read(key));
      });

      scope.put<BlobRequest>(blobPath(module), async (request, reply) => {
        const key = `${module}/${request.params['*']}`;
        const permitted = links.verify('PUT', key, request.query)?.permitted;
        if (permitted?.method !== 'PUT') return refused(reply);
        if (request.headers['content-type'] !== permitted.type) {
          return reply.code(415).send(errorBody('UNSUPPORTED_MEDIA_TYPE', `Send it as ${permitted.type}.`));
        }
        return answer[request.body ? await folder.keep(key, request.body, permitted.size) : 'wrong-size'](
          reply,
          permitted.size,
        );
      });
    });
  };

const refused = (reply: FastifyReply) =>
  reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing here, or its link is not good any more.'));

const answer: Record<StoreOutcome, (reply: FastifyReply, size: number) => FastifyReply> = {
  kept: (reply) => reply.code(201).send(),
  taken: (reply) => reply.code(409).send(errorBody('CONFLICT', 'Something was sent to this link before.')),
  'wrong-size': (reply, size) =>
    reply.code(400).send(errorBody('BAD_REQUEST', `The link takes ${size} bytes, no fewer and no more.`)),
};
