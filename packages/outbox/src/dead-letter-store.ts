import { type CloudEvent, EventMetrics, peopleOf, withoutPerson, withoutTexts } from '@platform/events';
import type { Metrics } from '@platform/foundation/metrics';
import { afterCommit, withSavepoint } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import type { EventHandler } from './event-handler.js';

const MAX_REASON = 2_000;

/** An event of the outbox by its position, and the module whose outbox it is. */
interface OutboxRow {
  readonly module: string;
  readonly position: string;
}

/** What the other columns of an outbox know of an event. */
const KNOWN = `jsonb_build_object('id', event_id, 'source', $2::text, 'type', type, 'subject', subject)`;

/** The only writer of `dead_letter`: events that are given up, each with the reason, counted once they are committed. */
export class DeadLetterStore {
  constructor(private readonly metrics: Metrics) {}

  /** Adds an event that a handler gave up, without what is personal of people who are gone; one that is there already gets the new reason. */
  async add(
    tx: EntityManager,
    event: CloudEvent,
    { name, personal }: Pick<EventHandler, 'name' | 'personal'>,
    reason: string,
  ): Promise<void> {
    const gone: { id: string }[] = await tx.query('SELECT id FROM unnest($1::uuid[]) AS id WHERE is_deleted_user(id)', [
      peopleOf(event).toSorted(),
    ]);
    let letter = { event, reason };
    for (const { id } of gone) {
      const { event: rest, texts } = withoutPerson(letter.event, id, personal);
      letter = { event: rest, reason: withoutTexts(letter.reason, texts) };
    }
    await tx.query(
      `INSERT INTO dead_letter (event_id, tenant_id, source, handler, envelope, reason) VALUES ($1, $6, $2, $3, $4, $5)
       ON CONFLICT (event_id, handler, source) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at`,
      [
        event.id,
        event.source,
        name,
        storable(letter.event),
        storable(letter.reason.slice(0, MAX_REASON)),
        event.tenantid,
      ],
    );
    this.count(tx, event.type);
  }

  /** Adds an event of the outbox that may not be published, or that the brokers do not take. */
  async addUnpublished(
    tx: EntityManager,
    { module, position }: OutboxRow,
    kind: 'untrusted' | 'unreadable',
    reason: string,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO dead_letter (event_id, tenant_id, source, handler, envelope, reason)
       SELECT event_id, tenant_id, $3, 'outbox-relay', envelope, $2 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
      [position, reason, `/${module}`],
    );
    this.count(tx, kind);
  }

  /** Adds an event of the outbox whose envelope is damaged. What is known of it takes the envelope's place, unless the row is too damaged even for that. */
  async addDamaged(tx: EntityManager, { module, position }: OutboxRow, reason: string): Promise<void> {
    await tx.query(
      `INSERT INTO dead_letter (event_id, tenant_id, source, handler, envelope, reason)
       SELECT event_id, tenant_id, $2, 'outbox-relay', ${KNOWN}, $3 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
      [position, `/${module}`, reason],
    );
    await withSavepoint(tx, () =>
      tx.query(`UPDATE outbox SET envelope = ${KNOWN} WHERE position = $1`, [position, `/${module}`]),
    ).catch(() => {});
    this.count(tx, 'unreadable');
  }

  private count(tx: EntityManager, type: string): void {
    afterCommit(tx, () => this.metrics.of(EventMetrics).eventsDeadLettered.inc({ type }), false);
  }
}

/** The value with the one character that PostgreSQL takes neither in text nor in jsonb, NUL, replaced in every text: whatever was given up can be stored. */
function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), storable(each)])) as T;
}
