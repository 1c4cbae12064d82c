import type { CloudEvent, PersonalMembers } from './cloud-event.js';

/** What is personal in the data of each type of event. Of a type that is not listed, all of it. */
export type PersonalData = ReadonlyMap<string, PersonalMembers>;

/**
 * The event without what is personal of somebody: members of its data where it is about them, and where they were when they caused it. Rights, ids and
 * codes stay, and a text stays one, so that the data still fits its definition. Also answers the texts that were taken out.
 */
export function withoutPerson(event: CloudEvent, personId: string, personal: PersonalData) {
  const texts: string[] = [];
  const { clientip, useragent, ...rest } = event;
  const caused = event.actor === personId;
  if (caused) texts.push(...[clientip, useragent].filter((text) => text !== undefined));
  const data = { ...membersOf(event) };
  for (const member of personalMembers(event, personId, personal)) {
    const value = data[member];
    if (typeof value === 'string') texts.push(value);
    if (typeof value === 'string') data[member] = '';
    else delete data[member];
  }
  const origin = { ...(clientip !== undefined && { clientip }), ...(useragent !== undefined && { useragent }) };
  return { event: { ...rest, ...(caused ? {} : origin), data } as CloudEvent, texts };
}

/** The ids that can be those of people whom the event is about, or who caused it. */
export const peopleOf = (event: CloudEvent): string[] =>
  [event.actor, event.subject, ...Object.values(membersOf(event))].filter(isId).map((id) => id.toLowerCase());

/** A text without each of those that were taken out of its event. */
export const withoutTexts = (reason: string, texts: readonly string[]): string =>
  texts.filter((text) => text !== '').reduce((left, text) => left.replaceAll(text, '…'), reason);

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

const membersOf = ({ data }: CloudEvent): Record<string, unknown> =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};

function personalMembers(event: CloudEvent, personId: string, personal: PersonalData): readonly string[] {
  const members = membersOf(event);
  const known = personal.get(event.type);
  if (!known) return peopleOf(event).includes(personId) ? Object.keys(members) : [];
  return known.of !== null && members[known.of] === personId ? known.members : [];
}
