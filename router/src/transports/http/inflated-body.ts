import type { IncomingHttpHeaders } from 'node:http';

/** Bodies of so many characters are read however they are compressed. */
const ALWAYS_READ = 64 * 1024;
/** How many times its size on the wire a longer one may have. What people write is compressed to a tenth or so. */
const MOST = 100;

/** Whether a body cost its sender next to nothing. A long one that was compressed has to say its length. */
export function isInflated(body: string, headers: IncomingHttpHeaders): boolean {
  if (headers['content-encoding'] === undefined || body.length <= ALWAYS_READ) return false;
  return body.length > MOST * Number(headers['content-length'] ?? 0);
}
