import { personalData } from '@platform/contracts';
import { type CloudEvent } from '@platform/events';
import { clipped } from '@platform/foundation/text';
import { type EventHandler, onEveryEventTogether } from '@platform/outbox';
import { validate as isUuid } from 'uuid';
import type { AuditConfig } from '../config.js';
import type { AuditRecord } from '../entities/index.js';
import { append, type SubjectKeys } from '../services/index.js';

/** The subject of an event about an account that does not exist. */
const NOBODY = 'unknown';

/** Whatever happens on the platform is recorded, but for what the configuration excludes; as much at once as has arrived. */
export const recordEveryEvent = ({ exclude }: Pick<AuditConfig, 'exclude'>, keys: SubjectKeys): EventHandler =>
  onEveryEventTogether(
    'audit.record-every-event',
    async (events, tx) => {
      const wanted = events.filter(({ type }) => !exclude.some((rule) => covers(rule, type)));
      await append(tx, wanted.map(recordOf), keys);
    },
    personalData,
  );

/** A rule that ends in a dot covers every action that begins so. */
const covers = (rule: string, action: string): boolean =>
  rule.endsWith('.') ? action.startsWith(rule) : rule === action;

/** What the log takes of a text that anybody may have put into an event. */
const within = (max: number, text: string | null | undefined): string | null => clipped(text, max) ?? null;

/** The entry has the event's id, so that each leads to the other. */
const recordOf = (event: CloudEvent): AuditRecord => ({
  id: event.id,
  actorId: within(200, event.actor),
  serviceAccountId: isUuid(event.serviceaccountid) ? (event.serviceaccountid as string) : null,
  action: event.type.slice(0, 200),
  resource: event.resource.slice(0, 200),
  resourceId: event.subject === NOBODY ? null : within(200, event.subject),
  outcome: event.outcome,
  ipAddress: within(100, event.clientip),
  userAgent: within(1_000, event.useragent),
  requestId: within(200, event.requestid),
  traceId: within(100, event.traceparent?.split('-')[1]),
  tenantId: event.tenantid,
  metadata: event.apikeyid === undefined ? (event.data ?? {}) : { ...Object(event.data), apiKeyId: event.apikeyid },
  occurredAt: new Date(event.time),
  personal: personalData.get(event.type),
});
