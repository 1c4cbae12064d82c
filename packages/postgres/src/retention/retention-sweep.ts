import { setTimeout as wait } from 'node:timers/promises';
import type { ErrorBus } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { EntityManager } from 'typeorm';
import { acrossTenants } from '../tenancy/index.js';

const FIRST_SWEEP_DELAY_MS = 60_000;
const PAUSE_MS = 50;

/** Rows that one statement of a sweep deletes: few enough that nobody waits for it. */
export const SWEPT_AT_ONCE = 2_000;

/** Which rows expire, and when. */
export interface RetentionRule {
  /** Deletes `SWEPT_AT_ONCE` rows at most that are older than $1, in ms. */
  readonly statement: string;
  /** In ms. */
  readonly age: number;
}

interface RetentionSweepOptions {
  readonly name: string;
  readonly database: { readonly read: EntityManager };
  readonly rules: readonly RetentionRule[];
  /** Ms from one time to the next. The first comes after a minute: a process that starts has better to do. */
  readonly interval: number;
  readonly errors: ErrorBus;
}

/** Deletes expired rows of a schema, whosever they are, from time to time and a few at once; several instances do not get into each other's way. */
export class RetentionSweep implements LifecycleComponent {
  readonly name: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: RetentionSweepOptions) {
    this.name = options.name;
  }

  async start(): Promise<void> {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Deletes all that has expired by now. */
  async sweep(): Promise<void> {
    for (const rule of this.options.rules) await this.deleteAll(rule);
  }

  private async run(): Promise<void> {
    for (let pause = FIRST_SWEEP_DELAY_MS; ; pause = this.options.interval) {
      await this.rest(pause);
      if (this.stopping.signal.aborted) return;
      await this.sweep().catch((error: unknown) => this.options.errors.publish(error));
    }
  }

  private async deleteAll({ statement, age }: RetentionRule): Promise<void> {
    for (let deleted = SWEPT_AT_ONCE; deleted === SWEPT_AT_ONCE && !this.stopping.signal.aborted; ) {
      [, deleted] = await acrossTenants(() => this.options.database.read.query(statement, [age]));
      if (deleted === SWEPT_AT_ONCE) await this.rest(PAUSE_MS);
    }
  }

  private async rest(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
