import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { errorBody } from './errors.js';

/** A target as origin-form, and the authority that an absolute-form one names instead of the Host header. */
interface RequestTarget {
  readonly path: string;
  readonly host?: string;
}

const ABSOLUTE = /^https?:\/\/(?:[^/?#@\\]*@)?([^/?#@\\]+)(.*)$/is;
/** What ends a segment in one reading of a path or another. */
const SEPARATOR = /\/|\\|%2f|%5c/i;
/** What no path of ours holds, and what could be read in two ways. */
const AMBIGUOUS = /[\\#\s\p{Cc}]|%2f|%5c|%00/iu;

/**
 * What a client's request target asks for: its path and query, whatever place an absolute-form one names (RFC 9112, 3.2.2).
 * Undefined for those that name no path of ours: authority-form, `*`, a path with dot segments or encoded separators.
 */
export function readRequestTarget(target: string): RequestTarget | undefined {
  const [, host, rest = ''] = target.startsWith('/') ? [] : (ABSOLUTE.exec(target) ?? []);
  const path = host === undefined ? target : rest.startsWith('/') ? rest : `/${rest}`;
  const [bare = ''] = path.split('?', 1);
  if (!bare.startsWith('/') || bare.startsWith('//') || AMBIGUOUS.test(bare) || path.includes('#')) return undefined;
  if (bare.split(SEPARATOR).some(isDotSegment)) return undefined;
  return { path, ...(host !== undefined && { host }) };
}

const isDotSegment = (segment: string): boolean => /^(?:\.|%2e){1,2}(?:;.*)?$/i.test(segment);

type Incoming = FastifyRequest['raw'];

/** The request's target as a path, or unchanged where it is none. The authority of an absolute-form one goes before the Host header. */
export function rewriteTarget(request: Incoming): string {
  const target = readRequestTarget(request.url ?? '');
  if (!target) others.add(request);
  if (target?.host !== undefined) request.headers.host = target.host;
  return target?.path ?? (request.url as string);
}

/** Requests that name no path of ours. */
const others = new WeakSet<Incoming>();

/** Refuses with 400, before anything else looks at the request, what `rewriteTarget` has found to name no path of ours; CONNECT too. */
export function refuseOtherTargets(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!others.has(request.raw)) return;
    return reply.code(400).send(errorBody('BAD_REQUEST', 'The request target is no path of this server.', request.id));
  });
  app.server.on('connect', (_request: Incoming, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.end(bareAnswer(400));
  });
}

/** An answer to a connection that is no request of the app, which ends with it. */
export const bareAnswer = (status: number): string =>
  `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
