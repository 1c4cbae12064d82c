import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';

/** How long a connection may take, in ms. */
const CONNECT = 3_000;
/** How long the other side may be silent while it answers, in ms. */
const SILENCE = 300_000;

const agent = new Agent({ connect: { timeout: CONNECT }, headersTimeout: SILENCE, bodyTimeout: SILENCE });

/** A request of ours to somebody else. */
export interface StreamOptions {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'OPTIONS';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal;
}

export interface OutboundStream {
  readonly status: number;
  /** By their names in lower case; the values of one that came several times, separated by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read or destroyed, not decompressed. */
  readonly body: Readable;
}

/** The other side sends us somewhere else: no request of ours goes to a place that an answer names. */
export class RedirectRefused extends Error {
  override readonly name = 'RedirectRefused';
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks, and hands over the body as it comes, for those who pass it on at the pace of whoever takes it; others use `outboundRequest`.
 * The URL is from the configuration, or built from parts that were checked: never from what a client sent.
 * @throws RedirectRefused; what the connection fails with, also after 300 s of silence; the signal's reason.
 */
export function outboundStream(url: string, options: StreamOptions = {}): Promise<OutboundStream> {
  const { origin, pathname, search } = new URL(url);
  return streamOver(agent, origin, pathname + search, options);
}

/** The same over somebody's own connections. @throws as `outboundStream`. */
export async function streamOver(
  dispatcher: Dispatcher,
  origin: string,
  path: string,
  { method = 'GET', ...options }: StreamOptions,
): Promise<OutboundStream> {
  const response = await dispatcher.request({ ...options, origin, path, method });
  if (REDIRECTS.has(response.statusCode)) {
    response.body.on('error', () => {}).destroy();
    throw new RedirectRefused(`${origin} redirects, which is not followed`);
  }
  return { status: response.statusCode, headers: joined(response.headers), body: response.body };
}

const joined = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
