import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Part } from '@platform/foundation/lifecycle';
import type { EntityManager } from 'typeorm';

const MINUTE = 60 * 1_000;
const PAUSE = 50;

/** Rows that one statement of a clearing deletes: few enough that nobody waits for it. */
export const CLEARED_AT_ONCE = 2_000;

/** What has had its time. */
export interface Clearance {
  /** Deletes `CLEARED_AT_ONCE` rows at most that are older than $1, in ms. */
  readonly statement: string;
  /** In ms. */
  readonly age: number;
}

interface ClearingOptions {
  readonly name: string;
  readonly database: { readonly read: EntityManager };
  readonly clearances: readonly Clearance[];
  /** Ms from one time to the next. The first comes after a minute: a process that starts has better to do. */
  readonly interval: number;
  readonly errors: ErrorBus;
}

/** Takes out of a schema, from time to time, what has had its time. A little at a time; several instances do not get into each other's way. */
export class Clearing implements Part {
  readonly name: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: ClearingOptions) {
    this.name = options.name;
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
    for (const clearance of this.options.clearances) await this.deleteAll(clearance);
  }

  private async run(): Promise<void> {
    for (let pause = MINUTE; ; pause = this.options.interval) {
      await this.rest(pause);
      if (this.stopping.signal.aborted) return;
      await this.clear().catch((error: unknown) => this.options.errors.publish(error));
    }
  }

  private async deleteAll({ statement, age }: Clearance): Promise<void> {
    for (let deleted = CLEARED_AT_ONCE; deleted === CLEARED_AT_ONCE && !this.stopping.signal.aborted; ) {
      [, deleted] = await this.options.database.read.query(statement, [age]);
      if (deleted === CLEARED_AT_ONCE) await this.rest(PAUSE);
    }
  }

  private async rest(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
