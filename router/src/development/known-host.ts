import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { privateHeaders } from './page.js';

/**
 * Keeps pages of other sites from reading the development pages by a name of theirs that leads here (DNS rebinding): the Host has to be
 * an address, localhost, or what the configuration calls this installation.
 * @param publicUrl the configured address of the pages, if there is one.
 */
export function refuseUnknownHosts(http: FastifyInstance, publicUrl: string | undefined): void {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  http.addHook('onRequest', async (request, reply) => {
    if (isKnown(hostname(request.headers.host), own)) return;
    return reply
      .code(421)
      .headers(privateHeaders)
      .type('text/plain')
      .send('These pages are not served under this name.');
  });
}

const hostname = (host = ''): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');

const isKnown = (name: string, own: string | undefined): boolean =>
  name === own || /^(?:.+\.)?localhost$/.test(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
