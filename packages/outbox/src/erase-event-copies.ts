import { type CloudEvent, type PersonalData, withoutPerson, withoutTexts } from '@platform/events';
import { rememberDeletedUser } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';

interface Copy {
  readonly key: string;
  readonly envelope: CloudEvent;
  readonly reason: string | null;
}

/** The id of a person can be anywhere in an event. */
const FIND_SENT = `SELECT ctid AS key, envelope, NULL AS reason FROM outbox WHERE strpos(envelope::text, $1) > 0 FOR UPDATE`;
const FIND_DEAD = `SELECT ctid AS key, envelope, reason FROM dead_letter WHERE strpos(envelope::text, $1) > 0 FOR UPDATE`;

/** Erases a person in the copies of events that a schema keeps, and remembers that they are gone, for what is still to be given up. */
export async function eraseEventCopies(tx: EntityManager, personId: string, personal: PersonalData): Promise<void> {
  await rememberDeletedUser(tx, personId);
  const erased = ({ envelope, reason }: Copy) => {
    const { event, texts } = withoutPerson(envelope, personId, personal);
    return [event, reason && withoutTexts(reason, texts)];
  };
  for (const copy of (await tx.query(FIND_SENT, [personId])) as Copy[]) {
    await tx.query('UPDATE outbox SET envelope = $2 WHERE ctid = $1', [copy.key, erased(copy)[0]]);
  }
  for (const copy of (await tx.query(FIND_DEAD, [personId])) as Copy[]) {
    await tx.query('UPDATE dead_letter SET envelope = $2, reason = $3 WHERE ctid = $1', [copy.key, ...erased(copy)]);
  }
}
