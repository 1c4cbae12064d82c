import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Page, privateHeaders } from './page.js';

/** What a browser is shown that opens the GraphQL endpoint under a name. */
export type Explorer = (host: string | undefined) => Page;

/** The answer under a name that somebody else may have made lead here. */
const UNKNOWN_HOST: Page = {
  status: 421,
  headers: { ...privateHeaders, 'content-type': 'text/plain; charset=utf-8' },
  body: 'These pages are not served under this name.',
};

/**
 * Keeps pages of other sites from reading the development pages by a name of theirs that leads here (DNS rebinding): the Host has to be
 * an address, localhost, or what the configuration calls this installation.
 * @param publicUrl the configured address of the pages, if there is one.
 */
export function refuseUnknownHosts(http: FastifyInstance, publicUrl: string | undefined): void {
  const isKnown = knownHosts(publicUrl);
  http.addHook('onRequest', async (request, reply) => {
    if (isKnown(request.headers.host)) return;
    return reply.code(421).headers(UNKNOWN_HOST.headers).send(UNKNOWN_HOST.body);
  });
}

/** The same for the page that shares its path with the GraphQL endpoint. */
export function explorerAtKnownHosts(page: Page, publicUrl: string | undefined): Explorer {
  const isKnown = knownHosts(publicUrl);
  return (host) => (isKnown(host) ? page : UNKNOWN_HOST);
}

function knownHosts(publicUrl: string | undefined): (host: string | undefined) => boolean {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return (host) => {
    const name = hostname(host);
    return name === own || /^(?:.+\.)?localhost$/.test(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  };
}

const hostname = (host = ''): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');
