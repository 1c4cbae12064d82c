import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderNames } from '../../headers/index.js';

type Parameters = Readonly<Record<string, unknown>> | undefined;

/** What may stand in a header, and is not longer than one of a request could be. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;

/** What a connection gives as a header can be none. */
export class NoHeader extends Error {}

/**
 * What a connection's `authorization` parameter says, under whatever spelling; else the upgrade's own header. Browsers can send
 * the former alone. @throws NoHeader
 */
export function authorizationOf(parameters: Parameters, headers: IncomingHttpHeaders): string | undefined {
  const [, given] =
    Object.entries(parameters ?? {}).find(
      ([name, value]) => name.toLowerCase() === 'authorization' && value !== undefined && value !== null,
    ) ?? [];
  if (given === undefined) return headers.authorization;
  if (typeof given !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(given)) throw new NoHeader();
  return given;
}

/** The upgrade's headers, and below them those parameters of its connection that stand for headers which it has not. */
export function connectionHeaders(
  parameters: Parameters,
  headers: IncomingHttpHeaders,
  names: HeaderNames,
): IncomingHttpHeaders {
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const header = name.toLowerCase();
    if (header === 'authorization' || !names.has(header)) continue;
    if (typeof value === 'string' && VALUE.test(value)) told[header] = value;
  }
  return { ...told, ...headers };
}
