import { type CloudEvent, peopleOf, withoutPerson, withoutTexts } from '@platform/events';
import type { EntityManager } from 'typeorm';
import type { EventHandler } from './event-handler.js';

const MAX_REASON = 2_000;

/** Puts an event that a handler gave up into the schema's `dead_letter`, with the reason and without what is personal of people who are gone; one that is there already gets the new reason. */
export async function insertDeadLetter(
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
    `INSERT INTO dead_letter (event_id, source, handler, envelope, reason) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (event_id, handler, source) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at`,
    [event.id, event.source, name, storable(letter.event), storable(letter.reason.slice(0, MAX_REASON))],
  );
}

/** The value with the one character that PostgreSQL takes neither in text nor in jsonb, NUL, replaced in every text: whatever was given up can be kept. */
function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), storable(each)])) as T;
}
