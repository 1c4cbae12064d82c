import { setTimeout as wait } from 'node:timers/promises';
import type { EventsConfig, KafkaConfig } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { ErrorBus } from '../errors/index.js';
import type { Part } from '../lifecycle/index.js';

const MINUTE = 60 * 1_000;
const HOUR = 60 * MINUTE;
/** Rows that one statement deletes: few enough that nobody waits for it. */
const BATCH = 2_000;
const PAUSE = 50;
/** Kafka keeps a message for up to twice its retention, as it deletes whole segments. */
const LONGER = 3;

const OLD_OUTBOX = `DELETE FROM outbox WHERE position = ANY (ARRAY(
  SELECT position FROM outbox WHERE published_at < now() - $1 * interval '1 millisecond' ORDER BY published_at LIMIT ${BATCH}
  FOR UPDATE SKIP LOCKED))`;
const OLD_INBOX = `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM inbox WHERE received_at < now() - $1 * interval '1 millisecond' LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

const OLD_DEAD_LETTERS = `DELETE FROM dead_letter WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM dead_letter WHERE failed_at < now() - $1 * interval '1 millisecond' LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;

/**
 * Takes out of a schema what was given up `events.deadLetterRetention` ago, what was sent `events.keep` ago, and the notes of what was handled so long ago that nothing can deliver it again.
 * Once an hour, a little at a time; several instances do not get into each other's way.
 */
export class EventClearing implements Part {
  readonly name: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    schema: string,
    private readonly database: Database,
    private readonly config: {
      readonly events: Pick<EventsConfig, 'keep' | 'deadLetterRetention'>;
      readonly kafka: Pick<KafkaConfig, 'retention'>;
    },
    private readonly errors: ErrorBus,
  ) {
    this.name = `event-clearing:${schema}`;
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
    const { events, kafka } = this.config;
    await this.deleteAll(OLD_OUTBOX, events.keep);
    await this.deleteAll(OLD_DEAD_LETTERS, events.deadLetterRetention);
    await this.deleteAll(OLD_INBOX, LONGER * Math.max(events.keep, kafka.retention));
  }

  /** Not at once: a process that starts has better to do. */
  private async run(): Promise<void> {
    for (let pause = MINUTE; !this.stopping.signal.aborted; pause = HOUR) {
      await this.rest(pause);
      await this.clear().catch((error: unknown) => this.errors.publish(error));
    }
  }

  /** @param age in ms. */
  private async deleteAll(statement: string, age: number): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH && !this.stopping.signal.aborted; ) {
      [, deleted] = await this.database.read.query(statement, [age]);
      await this.rest(PAUSE);
    }
  }

  private async rest(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => {});
  }
}
