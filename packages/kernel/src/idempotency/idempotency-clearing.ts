import { setTimeout as wait } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { ErrorBus } from '../errors/index.js';
import type { Part } from '../lifecycle/index.js';

const MINUTE = 60 * 1_000;
/** Rows that one statement deletes: few enough that nobody waits for it. */
const BATCH = 2_000;
const PAUSE = 50;

const OLD = `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - $1 * interval '1 millisecond' ORDER BY created_at
  LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/** Takes keys out of a schema whose time is over. A little at a time; several instances do not get into each other's way. */
export class IdempotencyClearing implements Part {
  readonly name: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    schema: string,
    private readonly database: { readonly read: EntityManager },
    /** How long a key counts, in ms. */
    private readonly retention: number,
    private readonly errors: ErrorBus,
  ) {
    this.name = `idempotency-clearing:${schema}`;
  }

  async start(): Promise<void> {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Takes out all that is old enough by now. */
  async clear(): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH && !this.stopping.signal.aborted; ) {
      [, deleted] = await this.database.read.query(OLD, [this.retention]);
      if (deleted === BATCH) await this.rest(PAUSE);
    }
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.rest(MINUTE);
      if (this.stopping.signal.aborted) return;
      await this.clear().catch((error: unknown) => this.errors.publish(error));
    }
  }

  private async rest(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
