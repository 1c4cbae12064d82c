import type { CloudEvent, EventDefinition, EventTypes, PersonalData } from '@platform/events';
import type { EntityManager } from 'typeorm';

/** One rule that follows from an event. The effect and the note that the event was handled commit together. */
export interface EventHandler {
  /** Names the rule for the inbox; never changes once deployed. */
  readonly name: string;
  readonly types: EventTypes;
  /** What of the events is erased with its person, should they be given up. */
  readonly personal: PersonalData;
  /** For the few rules that follow from an event of one tenant for the rows of all, such as the end of an account. Listed in docs/security.md. */
  readonly acrossTenants?: boolean;
  /** @throws when the data does not fit the definition: such an event is put aside at once. */
  check(event: CloudEvent): void;
  handle(event: CloudEvent, tx: EntityManager): Promise<void>;
  /** The same for several events in their order, where that is faster. When it fails, they are handled one by one. */
  readonly handleAll?: HandleAll;
}

export type HandleAll = (events: readonly CloudEvent[], tx: EntityManager) => Promise<void>;

/** A rule that follows from one kind of event. */
export const onEvent = <Data>(
  name: string,
  definition: EventDefinition<Data>,
  handle: (event: CloudEvent<Data>, tx: EntityManager) => Promise<void>,
  { acrossTenants = false } = {},
): EventHandler => ({
  name,
  acrossTenants,
  types: [definition.type],
  personal: new Map([[definition.type, definition.personal]]),
  check: (event) => void definition.data.parse(event.data),
  handle: (event, tx) => handle({ ...event, data: definition.data.parse(event.data) }, tx),
});

/** A rule that follows from every event of the platform. */
export const onEveryEvent = (
  name: string,
  handle: (event: CloudEvent, tx: EntityManager) => Promise<void>,
  personal: PersonalData = new Map(),
): EventHandler => ({ name, types: 'all', personal, check: () => {}, handle });

/** A rule that takes every event of the platform, as many at once as there are, whichever tenants they are of, in one transaction. */
export const onEveryEventTogether = (name: string, handleAll: HandleAll, personal?: PersonalData): EventHandler => ({
  ...onEveryEvent(name, (event, tx) => handleAll([event], tx), personal),
  acrossTenants: true,
  handleAll,
});
