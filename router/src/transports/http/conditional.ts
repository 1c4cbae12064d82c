import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Whether the client may keep the answer, and so may ask later whether it has changed. */
export const isKeepable = ({ method }: FastifyRequest, headers: Readonly<Record<string, string>>): boolean =>
  method === 'GET' && headers['cache-control']?.includes('max-age') === true;

/** Weak, since compression changes the bytes: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3 */
export const entityTag = (body: string | Buffer): string => `W/"${hash('sha256', body, 'base64url')}"`;

/** Whether the client has this very answer: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function isKnown({ headers }: FastifyRequest, tag: string): boolean {
  const known = headers['if-none-match'];
  if (known === undefined) return false;
  return known.trim() === '*' || known.split(',').some((each) => each.trim().replace(/^(?!W\/)/, 'W/') === tag);
}
