import { Readable } from 'node:stream';
import { HEARTBEAT, withHeartbeats } from '@platform/foundation/streams';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from '../../operation.js';
import type { StreamFormat } from './stream-format.js';

/** Heartbeats that a client may leave unread before its connection is cut. */
const UNREAD = 3;

/** Writes the results as they come, no faster than the client reads, with a heartbeat after each `heartbeat` ms of silence. */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  format: StreamFormat,
  results: AsyncIterableIterator<Result>,
  heartbeat: number,
): Promise<void> {
  await sendText(request, reply, format.contentType, textOf(format, results, heartbeat), heartbeat);
}

/** Sends a response that goes on for as long as the text does. A client that reads nothing for three heartbeats is cut off. */
export async function sendText(
  { raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  text: AsyncIterable<string>,
  heartbeat: number,
): Promise<void> {
  const cut = () => void socket.destroy();
  socket.setTimeout(heartbeat * UNREAD, cut);
  reply.raw.once('close', () => {
    socket.off('timeout', cut);
    socket.setTimeout(0);
  });
  reply.headers({
    'content-type': contentType,
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    // The connection goes with the stream: a router that stops would wait for an idle one.
    connection: 'close',
  });
  await reply.send(Readable.from(text, { objectMode: false }));
}

async function* textOf(
  format: StreamFormat,
  results: AsyncIterableIterator<Result>,
  heartbeat: number,
): AsyncGenerator<string> {
  if (format.begin) yield format.begin;
  for await (const result of withHeartbeats(results, heartbeat)) {
    yield result === HEARTBEAT ? format.heartbeat : format.next(result);
  }
  yield format.end;
}
