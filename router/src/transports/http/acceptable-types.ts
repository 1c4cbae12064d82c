import {
  acceptsDeferredParts,
  acceptsSubscriptionParts,
  deferFormat,
  subscriptionFormat,
} from '../multipart/multipart-format.js';
import { acceptsEventStream, eventStreamFormat } from '../sse/event-stream-format.js';
import { type ResponseType, responseType } from './media-types.js';
import type { StreamFormat } from './stream-format.js';

interface AcceptableTypes {
  /** For one answer; null when it has to be a stream of one. */
  readonly single: ResponseType | null;
  /** For many. */
  readonly stream: StreamFormat | undefined;
  /** For one answer in parts. */
  readonly incremental: StreamFormat | undefined;
}

/** What the client reads; null when it reads nothing that can be answered. */
export function acceptableTypes(accept: string | undefined): AcceptableTypes | null {
  const single = responseType(accept);
  const events = acceptsEventStream(accept) ? eventStreamFormat : undefined;
  const stream = events ?? (acceptsSubscriptionParts(accept) ? subscriptionFormat : undefined);
  const incremental = acceptsDeferredParts(accept) ? deferFormat : single ? undefined : events;
  return single || stream || incremental ? { single, stream, incremental } : null;
}
