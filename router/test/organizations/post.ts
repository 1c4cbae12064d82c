import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a client can tell from an answer, but for its time and id. */
export interface PlainAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a query with these headers, Host among them: `fetch` takes none. */
export async function post(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): Promise<PlainAnswer> {
  const sent = { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers };
  const sending = request(url, { method: 'POST', headers: sent });
  sending.end(JSON.stringify({ query }));
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  const { date, 'x-request-id': requestId, ...received } = answer.headers;
  return { status: answer.statusCode, headers: received, body: await text(answer) };
}
