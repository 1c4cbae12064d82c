import type { z } from 'zod';

/** What came of the thing that an event tells of. */
export type Outcome = 'SUCCESS' | 'DENIED' | 'FAILED';

/** A domain event in the CloudEvents 1.0 JSON format. Extension attributes carry who caused it, and in which request. */
export interface CloudEvent<Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  /** The module that the event comes from, as a path: `/identity`. */
  readonly source: string;
  readonly type: string;
  /** The id of the aggregate that changed; events of one subject keep their order. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** `<type>/v<version>`. */
  readonly dataschema: string;
  readonly tenantid: string;
  /** What kind of thing changed: `user`, `role`, `post`. */
  readonly resource: string;
  readonly outcome: Outcome;
  /** The user who caused it. */
  readonly actor?: string;
  /** The API key by which a machine did. */
  readonly apikeyid?: string;
  /** The service account that did. */
  readonly serviceaccountid?: string;
  readonly requestid?: string;
  readonly clientip?: string;
  readonly useragent?: string;
  readonly traceparent?: string;
  readonly data: Data;
}

/** What tells an event from every other: ids are unique within their source. */
export const identityOf = ({ source, id }: Pick<CloudEvent, 'source' | 'id'>): string => `${source} ${id}`;

/** What keeps its order: the thing that changed, within its tenant. */
export const aggregateOf = ({ tenantid, subject }: Pick<CloudEvent, 'tenantid' | 'subject'>): string =>
  `${tenantid}/${subject}`;

/** One kind of event: its name, its version, what kind of thing it is about, and the shape of its data, checked by sender and receiver. */
export interface EventDefinition<Data = unknown> {
  readonly type: string;
  readonly version: number;
  readonly resource: string;
  readonly outcome: Outcome;
  readonly data: z.ZodType<Data>;
  /** What of the data is erased when its person is. */
  readonly personal: PersonalMembers;
}

/** Members of an event's data that are personal, and the member that holds the id of their person. Rights, ids and codes are not personal: what was done stays known. */
export interface PersonalMembers<Member extends string = string> {
  readonly members: readonly Member[];
  readonly of: Member | null;
}

/** Of data that has only rights, ids and codes. */
export const NOTHING_PERSONAL: PersonalMembers<never> = { members: [], of: null };

/** What an event may leave out: version 1, a success, and nothing personal. */
type Defaults<Data> = Pick<EventDefinition, 'version' | 'outcome'> & {
  readonly personal: PersonalMembers<keyof Data & string>;
};

/** Declares an event. Later versions may only add optional data. */
export const defineEvent = <Data>(
  definition: Omit<EventDefinition<Data>, keyof Defaults<Data>> & Partial<Defaults<Data>>,
): EventDefinition<Data> => ({ version: 1, outcome: 'SUCCESS', personal: NOTHING_PERSONAL, ...definition });
