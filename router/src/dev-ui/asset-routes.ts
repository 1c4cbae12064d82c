import type { FastifyInstance } from 'fastify';
import { readAsset } from './assets.js';
import { privateHeaders } from './page.js';

/** Serves what the development pages load. */
export function registerAssets(http: FastifyInstance): void {
  http.get<{ Params: { name: string } }>('/dev/assets/:name', { logLevel: 'warn' }, async (request, reply) => {
    const asset = await readAsset(request.params.name);
    if (!asset) return reply.code(404).headers(privateHeaders).type('text/plain').send('Not found');

    reply.headers({ ...privateHeaders, 'cache-control': 'no-cache', etag: asset.etag });
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    return reply.type(asset.contentType).send(asset.body);
  });
}
