import { isRepresentable } from '@platform/foundation/clock';
import { z } from 'zod';
import type { CloudEvent } from './cloud-event.js';

/** What indexes and the columns of the audit log take. */
const MAX_WORD = 200;
const MAX_TEXT = 2_000;

/** How long a client's user agent may be in an event. */
export const MAX_USER_AGENT = 1_000;

const word = z.string().min(1).max(MAX_WORD);
const attribute = z.string().max(MAX_TEXT).optional();

/** Every attribute that somebody relies on; others, and the data, are for the definitions of events to judge. */
const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: word,
  type: word,
  subject: word,
  time: z.iso
    .datetime({ offset: true })
    .refine((time) => isRepresentable(new Date(time)), 'is of no year from 1 to 9999'),
  tenantid: z.uuid(),
  resource: word,
  outcome: z.enum(['SUCCESS', 'DENIED', 'FAILED']),
  actor: z.string().max(MAX_WORD).optional(),
  apikeyid: z.string().max(MAX_WORD).optional(),
  serviceaccountid: z.string().max(MAX_WORD).optional(),
  requestid: z.string().max(MAX_WORD).optional(),
  clientip: attribute,
  useragent: attribute,
  traceparent: attribute,
});

/** A value as the event that it is, its ids in lower case. @throws ZodError when it is none */
export function readEnvelope(value: unknown): CloudEvent {
  envelope.parse(value);
  const event = value as CloudEvent;
  const [id, tenantid] = [event.id.toLowerCase(), event.tenantid.toLowerCase()];
  return id === event.id && tenantid === event.tenantid ? event : { ...event, id, tenantid };
}
