import type { IncomingMessage } from 'node:http';
import { namesOrigin } from '../http/origins.js';

/** Browsers say where a page that connects comes from, and do not hold it back themselves: it has to be the router's own or a listed one. Others say nothing. */
export function allowedOrigin(
  { headers: { origin, host } }: Pick<IncomingMessage, 'headers'>,
  listed: readonly string[],
): boolean {
  if (origin === undefined || namesOrigin(listed, origin) || listed.includes('*')) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
