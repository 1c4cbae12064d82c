import { type Caller, isMachine } from '@platform/auth';
import { NOTHING_PERSONAL } from '@platform/events';
import type { Clock } from '@platform/foundation/clock';
import { requestContext } from '@platform/foundation/logging';
import type { Database } from '@platform/postgres/database';
import { checkedInput } from '@platform/subgraph-server/graphql';
import { v7 as uuidv7 } from 'uuid';
import type { AuditConfig } from '../config.js';
import type { AuditEntry } from '../entities/index.js';
import { append } from './append.js';
import { newEntry } from './audit-entry.input.js';
import { isReserved } from './reserved-actions.js';

/** Records what callers report. The platform's own events are recorded by their handler. */
export class AuditService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Pick<AuditConfig, 'maxReportAge'>,
  ) {}

  /** Services may speak for somebody else; everybody else only for themselves. @throws BadUserInput. */
  async record(caller: Caller, input: unknown): Promise<AuditEntry> {
    const { actorId, serviceAccountId, ipAddress, userAgent, ...said } = checkedInput(
      newEntry({ caller, now: this.clock.now(), ...this.config }),
      input,
    );
    const request = requestContext.current();
    const origin =
      caller.kind === 'service'
        ? { actorId, serviceAccountId, ipAddress, userAgent }
        : {
            actorId: caller.userId,
            serviceAccountId: caller.serviceAccountId,
            ipAddress: request?.clientIp ?? null,
            userAgent: request?.userAgent ?? null,
            ...(isMachine(caller) && { metadata: { ...Object(said.metadata), apiKeyId: caller.apiKeyId } }),
          };

    const record = {
      ...said,
      ...origin,
      id: uuidv7(),
      requestId: request?.requestId ?? null,
      traceId: request?.traceId ?? null,
      tenantId: caller.tenantId,
      personal: isReserved(said.action) ? NOTHING_PERSONAL : undefined,
    };
    return this.database.transaction(async (tx) => (await append(tx, [record]))(0) as AuditEntry);
  }
}
