/** Headers that tell requests apart without changing what they mean. */
const correlation: ReadonlySet<string> = new Set(['x-request-id', 'traceparent', 'tracestate']);

/** Headers that say who asks, and from where. */
const identity: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'user-agent',
  'x-caller-token',
  'x-client-ip',
]);

/**
 * Stands for everything of the caller that a subgraph gets: two requests with the same text and body are the same one.
 * Credentials are part of it as they are; whoever forwards another header need not think of sharing.
 */
export const audienceOf = (headers: Headers): string => textOf(headers, (name) => !correlation.has(name));

/** The same of a request whose answer is declared public: who asks is left out, the tenant and everything else stays. */
export const publicAudienceOf = (headers: Headers, tenant = ''): string =>
  `everybody:${tenant.length}:${tenant}\n${textOf(headers, (name) => !correlation.has(name) && !identity.has(name))}`;

/** The same of a kept answer that is the caller's own. @param caller stands for all that the caller's token says: it is signed anew all the time. */
export const privateAudienceOf = (headers: Headers, caller: string): string =>
  `caller:${caller.length}:${caller}\n${textOf(headers, (name) => !correlation.has(name) && name !== 'x-caller-token')}`;

type Headers = Readonly<Record<string, string>>;

function textOf(headers: Headers, counts: (name: string) => boolean): string {
  let text = '';
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && counts(name)) text += `${name}:${value.length}:${value}\n`;
  }
  return text;
}
