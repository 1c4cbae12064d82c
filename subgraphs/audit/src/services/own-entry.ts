import { NOTHING_PERSONAL } from '@platform/events';
import { v7 as uuidv7 } from 'uuid';

/** What an entry about the log itself has that others get from a request: nobody's, always a success, and nothing personal. @param action such as `platform.audit.archived` */
export const ownEntry = (action: string) =>
  ({
    id: uuidv7(),
    actorId: null,
    serviceAccountId: null,
    action,
    resource: 'audit',
    outcome: 'SUCCESS',
    ipAddress: null,
    userAgent: null,
    requestId: null,
    traceId: null,
    occurredAt: new Date(),
    personal: NOTHING_PERSONAL,
  }) as const;
