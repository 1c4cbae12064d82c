import type { Result } from '../../operation.js';
import type { StreamFormat } from '../http/stream-format.js';

const BOUNDARY = 'graphql';

/** Clients read a part up to the boundary after it, so that boundary is written with the part and not with the next one. */
const part = (body: unknown): string =>
  `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}\r\n--${BOUNDARY}`;

/** Apollo's multipart subscription protocol: each result as a payload of its own; why the router has ended the stream is told beside a null payload. */
export const multipartFormat: StreamFormat = {
  contentType: `multipart/mixed;boundary="${BOUNDARY}";subscriptionSpec=1.0`,
  begin: `\r\n--${BOUNDARY}`,
  heartbeat: part({}),
  end: '--\r\n',
  next: (result) => part(payloadOf(result)),
};

const payloadOf = ({ data, errors, extensions }: Result): unknown =>
  data === undefined ? { payload: null, errors } : { payload: { data, errors, extensions } };

/** Whether the client reads subscriptions in parts. */
export const acceptsMultipart = (accept: string | undefined): boolean =>
  /\bmultipart\/mixed\b[^,]*\bsubscriptionSpec="?1\.0\b/i.test(accept ?? '');
