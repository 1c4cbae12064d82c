import type { CloudEvent } from '@platform/events';
import type { ProcessConfig } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { Database } from '@platform/postgres/database';
import { ACROSS_TENANTS } from '@platform/postgres/tenancy';

/** What lies in one schema's outbox and among its dead letters. */
export interface SchemaEvents {
  readonly waiting: number;
  /** Age of the oldest that waits, in seconds. */
  readonly oldest: number;
  readonly published: number;
  readonly dead: number;
}

/** An event that a handler gave up. */
export interface StoredDeadLetter {
  readonly eventId: string;
  readonly source: string;
  readonly handler: string;
  readonly type: string;
  readonly reason: string;
  readonly failedAt: Date;
  // biome-ignore lint/suspicious/noExplicitAny: the envelope as it is
  readonly envelope: any;
}

/** Which events of an outbox. */
export interface DeadLetterFilter {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly type?: string | undefined;
}

const CHOSEN = `($1::timestamptz IS NULL OR created_at >= $1) AND ($2::timestamptz IS NULL OR created_at < $2)
  AND ($3::text IS NULL OR type = $3)`;

/** The tables of events in one subgraph's schema, as its own role, whichever tenants the events are of. */
export class SchemaTables {
  private constructor(private readonly database: Database) {}

  /** Gives `work` the tables, for as long as it takes. */
  static async open<T>(
    schema: string,
    { url, config, logger }: { url: string; config: ProcessConfig; logger: Logger },
    work: (tables: SchemaTables) => Promise<T>,
  ): Promise<T> {
    const metrics = new Metrics();
    const database = new Database({
      url,
      config: { ...config.database, poolMin: 0 },
      schema,
      entities: [],
      logger,
      metrics,
      otherwise: ACROSS_TENANTS,
    });
    await database.start();
    try {
      return await work(new SchemaTables(database));
    } finally {
      await database.stop();
    }
  }

  async summary(): Promise<SchemaEvents> {
    const [summary] = await this.database.read.query(
      `SELECT count(*) FILTER (WHERE published_at IS NULL)::int AS waiting,
              coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE published_at IS NULL)), 0)::int AS oldest,
              count(published_at)::int AS published, (SELECT count(*)::int FROM dead_letter) AS dead
       FROM outbox`,
    );
    return summary;
  }

  letters(eventId?: string): Promise<StoredDeadLetter[]> {
    return this.database.read.query(
      `SELECT event_id AS "eventId", source, handler, envelope->>'type' AS type, reason, failed_at AS "failedAt", envelope
       FROM dead_letter WHERE $1::text IS NULL OR event_id::text = $1 ORDER BY failed_at`,
      [eventId ?? null],
    );
  }

  async forget({ eventId, source, handler }: StoredDeadLetter): Promise<void> {
    await this.database.read.query('DELETE FROM dead_letter WHERE event_id = $1 AND source = $2 AND handler = $3', [
      eventId,
      source,
      handler,
    ]);
  }

  /** Takes the handler's notes of the events out of the inbox: the next time it is given one, it acts. */
  async forgetHandled(handler: string, events: readonly Pick<CloudEvent, 'id' | 'source'>[]): Promise<void> {
    await this.database.read.query(
      `DELETE FROM inbox USING unnest($2::uuid[], $3::text[]) AS event (id, source)
        WHERE handler = $1 AND event_id = event.id AND inbox.source IN (event.source, '')`,
      [handler, events.map(({ id }) => id), events.map(({ source }) => source)],
    );
  }

  /** Has the relay send events again. Answers how many. */
  async sendAgain({ since, until, type }: DeadLetterFilter): Promise<number> {
    const [, count] = await this.database.read.query(
      `UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL AND ${CHOSEN}`,
      [since ?? null, until ?? null, type ?? null],
    );
    return count;
  }
}
