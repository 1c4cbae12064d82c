import { outboundStream, type StreamOptions } from './outbound-stream.js';

export interface OutboundOptions extends StreamOptions {
  /** For everything, the answer's last byte included, in ms. */
  readonly timeout: number;
  /** Of the answer. A larger one fails. */
  readonly maxBytes: number;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Whether the status is one of success, 200 to 299. */
  readonly ok: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** @throws SyntaxError */
  json(): unknown;
}

/** An answer is longer than whoever asked can use. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/**
 * Every request of ours over HTTP that is not one to a subgraph: follows no redirect, and is bounded in time and in what it reads.
 * @throws RedirectRefused, AnswerTooLarge; what the connection fails with; a TimeoutError, or the signal's reason.
 */
export async function outboundRequest(
  url: string,
  { timeout, maxBytes, signal, ...options }: OutboundOptions,
): Promise<OutboundAnswer> {
  const patience = AbortSignal.timeout(timeout);
  const until = signal ? AbortSignal.any([signal, patience]) : patience;
  const { status, headers, body } = await outboundStream(url, { ...options, signal: until });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new AnswerTooLarge(`${new URL(url).origin} answers with more than ${maxBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks, size).toString('utf8');
  return { status, ok: status >= 200 && status < 300, headers, text, json: () => JSON.parse(text) as unknown };
}
