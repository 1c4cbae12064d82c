import { jsonText } from '../http/json-text.js';
import type { StreamFormat } from '../http/stream-format.js';

/** GraphQL over Server-Sent Events, distinct connections mode: one response per operation. */
export const eventStreamFormat: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  // Some browsers take the headers for sent only with the first byte of the body.
  begin: ':\n\n',
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
  next: (result) => `event: next\ndata: ${jsonText(result)}\n\n`,
};

/** Whether the client reads event streams. */
export const acceptsEventStream = (accept: string | undefined): boolean => /\btext\/event-stream\b/i.test(accept ?? '');
