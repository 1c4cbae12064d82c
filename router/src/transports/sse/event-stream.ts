import { Channel, HEARTBEAT, withHeartbeats } from '@platform/foundation/streams';
import type { Answer, Result } from '../../operation.js';
import { IdleTimer } from '../idle-timer.js';

/** Messages that may wait for the client before its operations are kept waiting. */
const CAPACITY = 100;
/** What they may take besides one, in characters. */
const CHARACTERS = 4 * 1024 * 1024;

/** One event stream that carries the results of many operations (single connection mode), each marked with its id. */
export class EventStream {
  private readonly messages = new Channel<string>(CAPACITY, () => this.close(), {
    bytes: CHARACTERS,
    weigh: ({ length }) => length,
  });
  private readonly operations = new Map<string, AbortController>();

  private readonly unused: IdleTimer;

  /** @param idle how long it may be open without an operation, in ms. @param most operations that may run at a time. */
  constructor(
    idle: number,
    private readonly most: number,
    private readonly onClose: () => void,
  ) {
    this.unused = new IdleTimer(idle, () => this.close());
  }

  /** True while no operation runs. */
  get idle(): boolean {
    return this.operations.size === 0;
  }

  /** True while as many operations run as may. */
  get full(): boolean {
    return this.operations.size >= this.most;
  }

  /** Reserves the id, until the operation is over; undefined when it is taken. */
  begin(id: string): AbortSignal | undefined {
    if (this.operations.has(id)) return undefined;
    const ended = new AbortController();
    this.operations.set(id, ended);
    this.unused.stop();
    return ended.signal;
  }

  /** Gives the id back; what still runs under it is stopped. */
  finish(id: string): void {
    this.operations.get(id)?.abort();
    this.operations.delete(id);
    if (this.idle && !this.messages.closed) this.unused.start();
  }

  /** Writes the operation's results, no faster than the client reads. Rejects as they do; the id is given back in any case. */
  async carry(id: string, answer: Answer): Promise<void> {
    const operation = this.operations.get(id);
    const next = (payload: Result) => this.messages.write(message('next', { id, payload }));
    try {
      if ('stream' in answer) for await (const result of answer.stream) await next(result);
      else await next(answer.result);
      if (this.operations.get(id) === operation) await this.messages.write(message('complete', { id }));
    } finally {
      if (this.operations.get(id) === operation) this.finish(id);
    }
  }

  /** What the response is made of. It may be opened once. */
  async *text(heartbeat: number): AsyncGenerator<string> {
    if (this.idle) this.unused.start();
    yield PING;
    for await (const text of withHeartbeats(this.messages, heartbeat)) yield text === HEARTBEAT ? PING : text;
  }

  /** Nobody reads any more: every operation stops. */
  close(): void {
    this.unused.stop();
    void this.messages.return();
    for (const id of [...this.operations.keys()]) this.finish(id);
    this.onClose();
  }

  /** Lets the client read what waits, then ends the response. */
  end(): void {
    this.messages.end();
  }
}

const PING = ':\n\n';

const message = (event: 'next' | 'complete', data: unknown): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
