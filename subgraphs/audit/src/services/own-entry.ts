import { v7 as uuidv7 } from 'uuid';

/** What an entry about the log itself has that others get from a request: nobody's, and always a success. @param action such as `platform.audit.archived` */
export const ownEntry = (action: string) =>
  ({
    id: uuidv7(),
    actorId: null,
    action,
    resource: 'audit',
    outcome: 'SUCCESS',
    ipAddress: null,
    userAgent: null,
    requestId: null,
    traceId: null,
    occurredAt: new Date(),
  }) as const;
