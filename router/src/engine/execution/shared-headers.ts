/** Headers that tell requests apart without changing what they mean. */
const correlation: ReadonlySet<string> = new Set(['x-request-id', 'traceparent', 'tracestate']);

/**
 * Stands for everything of the caller that a subgraph gets: two requests with the same text and body are the same one.
 * Credentials are part of it as they are; whoever forwards another header need not think of sharing.
 */
export function audienceOf(headers: Readonly<Record<string, string>>): string {
  let audience = '';
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !correlation.has(name)) audience += `${name}:${value.length}:${value}\n`;
  }
  return audience;
}
