import { type CloudEvent, type EventDefinition, MAX_USER_AGENT } from '@platform/events';
import { requestContext } from '@platform/foundation/logging';
import { traceHeaders } from '@platform/foundation/tracing';
import { afterCommit } from '@platform/postgres/database';
import { currentTenancy } from '@platform/postgres/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

const MAX_DATA_BYTES = 64 * 1024;

interface OutgoingEvent<Data> {
  readonly subject: string;
  readonly data: Data;
  /** Who caused it; the signed-in user when left out, nobody when null. */
  readonly actor?: string | null;
}

/** Events that commit with the change that causes them, or not at all. */
export class Outbox {
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly module: string,
    private readonly defaultTenant: string,
  ) {}

  /** Calls `listener` after each commit that added an event. */
  onCommit(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** @throws when the data does not fit the definition or is larger than 64 KiB. */
  async add<Data>(tx: EntityManager, definition: EventDefinition<Data>, event: OutgoingEvent<Data>): Promise<void> {
    const envelope = this.envelope(definition, event);
    if (Buffer.byteLength(JSON.stringify(envelope.data)) > MAX_DATA_BYTES) {
      throw new Error(`The data of a ${definition.type} event is larger than ${MAX_DATA_BYTES} bytes`);
    }
    await tx.query('INSERT INTO outbox (event_id, type, subject, envelope, tenant_id) VALUES ($1, $2, $3, $4, $5)', [
      envelope.id,
      envelope.type,
      envelope.subject,
      envelope,
      envelope.tenantid,
    ]);
    const wake = () => {
      for (const listener of this.listeners) listener();
    };
    afterCommit(tx, wake, false);
  }

  private envelope<Data>(definition: EventDefinition<Data>, event: OutgoingEvent<Data>): CloudEvent<Data> {
    const context = requestContext.current();
    const { traceparent } = traceHeaders();
    const actor = event.actor === undefined ? context?.userId : (event.actor ?? undefined);
    const machine = event.actor === undefined ? context : undefined;
    return {
      specversion: '1.0',
      id: uuidv7(),
      source: `/${this.module}`,
      type: definition.type,
      subject: event.subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema: `${definition.type}/v${definition.version}`,
      tenantid: currentTenancy()?.tenantId ?? this.defaultTenant,
      resource: definition.resource,
      outcome: definition.outcome,
      ...(actor && { actor }),
      ...(machine?.apiKeyId && { apikeyid: machine.apiKeyId }),
      ...(machine?.serviceAccountId && { serviceaccountid: machine.serviceAccountId }),
      ...(context?.requestId && { requestid: context.requestId }),
      ...(context?.clientIp && { clientip: context.clientIp }),
      ...(context?.userAgent && { useragent: context.userAgent.slice(0, MAX_USER_AGENT) }),
      ...(traceparent && { traceparent }),
      data: definition.data.parse(event.data),
    };
  }
}
