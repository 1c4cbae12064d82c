import type { Result } from '../../operation.js';
import { jsonText } from '../http/json-text.js';
import { accepts, prefers } from '../http/media-types.js';
import type { StreamFormat } from '../http/stream-format.js';

const MULTIPART = 'multipart/mixed';

/** Clients read a part up to the boundary after it, so that boundary is written with the part and not with the next one. */
function multipart(
  spec: string,
  boundary: string,
  heartbeat: string,
  bodyOf: (result: Result) => string,
): StreamFormat {
  const part = (body: string): string =>
    `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${body}\r\n--${boundary}`;
  return {
    contentType: `${MULTIPART};boundary="${boundary}";${spec}`,
    begin: `\r\n--${boundary}`,
    heartbeat: part(heartbeat),
    end: '--\r\n',
    next: (result) => part(bodyOf(result)),
  };
}

/** Apollo's multipart subscription protocol: each result as a payload of its own; why the router has ended the stream is told beside a null payload. */
export const subscriptionFormat: StreamFormat = multipart('subscriptionSpec=1.0', 'graphql', '{}', (result) =>
  JSON.stringify(payloadOf(result)),
);

/** The incremental delivery that clients of `@defer` read: https://github.com/graphql/graphql-spec/tree/48cf7263a71a683fab03d45d309fd42d8d9a6659/spec */
export const deferFormat: StreamFormat = multipart('deferSpec=20220824', '-', '{"hasNext":true}', jsonText);

const payloadOf = ({ data, errors, extensions }: Result): unknown =>
  data === undefined ? { payload: null, errors } : { payload: { data, errors, extensions } };

/** Whether the client reads subscriptions in parts. */
export const acceptsSubscriptionParts = (accept: string | undefined): boolean =>
  accepts(accept, ({ type, parameters }) => type === MULTIPART && parameters.get('subscriptionspec') === '1.0');

/** Whether the client reads an answer in parts at least as gladly as a single one. Clients that name no specification (urql) read this one. */
export const acceptsDeferredParts = (accept: string | undefined): boolean =>
  prefers(accept, ({ type, parameters }) => {
    const spec = parameters.get('deferspec');
    return type === MULTIPART && (spec === undefined ? !parameters.has('subscriptionspec') : spec === '20220824');
  });
