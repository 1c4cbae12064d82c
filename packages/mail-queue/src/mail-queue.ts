import { type CloudEvent, EventMetrics } from '@platform/events';
import type { MailConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { type Logger, requestContext } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { retryDelay } from '@platform/foundation/retry';
import { MailRejected } from '@platform/mail';
import { DeadLetterStore, type EventHandler } from '@platform/outbox';
import { afterCommit, type Database } from '@platform/postgres/database';
import { acrossTenants, withTenant } from '@platform/postgres/tenancy';
import type { EntityManager } from 'typeorm';

type QueueConfig = Pick<MailConfig, 'concurrency' | 'retryDelay' | 'retryMaxDelay' | 'expireAfter'>;

/** Longer than handing over a mail can take, in ms. */
const CLAIM = 60_000;

interface QueuedMail {
  readonly event_id: string;
  readonly source: string;
  readonly handler: string;
  readonly envelope: CloudEvent;
  readonly attempts: number;
  /** Ms since the event was queued. */
  readonly age: number;
}

/**
 * Lets mails leave beside the stream of events, so that an unavailable mail server holds up nothing but mails. The rules by which
 * mails leave are handed to it; what it hands to the bus notes the event in `mail_queue`, in the inbox's transaction. From there each
 * is tried with growing pauses, by one of any number of processes, until it has left, or is refused or too old and goes to `dead_letter`.
 * A rule hands its mail over after its transaction (afterCommit). A process that is killed meanwhile sends the mail again.
 */
export class MailQueue implements LifecycleComponent {
  readonly name = 'mail-queue';
  /** What the bus is given in place of the rules. */
  readonly handlers: EventHandler[];
  private readonly rules: ReadonlyMap<string, EventHandler>;
  private readonly deadLetters: DeadLetterStore;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wanted = false;
  private stopped = true;

  constructor(
    rules: readonly EventHandler[],
    private readonly database: Database,
    private readonly config: QueueConfig,
    private readonly reporting: { logger: Logger; errors: ErrorBus; metrics: Metrics },
  ) {
    this.rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.deadLetters = new DeadLetterStore(reporting.metrics);
    this.handlers = rules.map((rule) => ({ ...rule, handle: (event, tx) => this.add(tx, rule.name, event) }));
  }

  async start(): Promise<void> {
    this.stopped = false;
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async add(tx: EntityManager, handler: string, event: CloudEvent): Promise<void> {
    await tx.query('INSERT INTO mail_queue (event_id, source, handler, envelope) VALUES ($1, $2, $3, $4)', [
      event.id,
      event.source,
      handler,
      event,
    ]);
    afterCommit(tx, () => this.wake());
  }

  private wake(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= acrossTenants(() => this.run()).finally(() => {
      this.running = undefined;
    });
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      await this.drain(this.config.concurrency);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => this.wake(), this.config.retryDelay);
    this.timer.unref();
  }

  /** Sends what is due, several at a time; that others look as well takes one that has found something. */
  private async drain(lanes: number): Promise<void> {
    let others: Promise<void> | undefined;
    try {
      for (let mail = await this.claim(); mail; mail = await this.claim()) {
        if (lanes > 1) others ??= this.drain(lanes - 1);
        await this.send(mail);
      }
    } catch (error) {
      this.reporting.logger.warn({ err: error }, 'mail queue unavailable; retrying');
    }
    await others;
  }

  private send(mail: QueuedMail): Promise<void> {
    const { handler, envelope } = mail;
    return requestContext.run(
      { requestId: envelope.requestid ?? envelope.id, tenantId: envelope.tenantid, module: handler },
      () => withTenant(envelope.tenantid, () => this.attempt(mail)),
    );
  }

  /** The mail that is due, if any. Keeps it from the other processes for a while; should this one be killed, it is due again afterwards. */
  private async claim(): Promise<QueuedMail | undefined> {
    if (this.stopped) return undefined;
    const [mail]: QueuedMail[] = await this.database.read.query(
      `WITH claimed AS (
         UPDATE mail_queue SET due_at = now() + $1 * interval '1 millisecond' WHERE (event_id, source, handler) =
           (SELECT event_id, source, handler FROM mail_queue WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING event_id, source, handler, envelope, attempts, extract(epoch FROM now() - queued_at) * 1000 AS age
       ) TABLE claimed`,
      [CLAIM],
    );
    return mail;
  }

  private async attempt(mail: QueuedMail): Promise<void> {
    try {
      const rule = this.rules.get(mail.handler);
      if (!rule) throw new MailRejected(`no rule is named ${mail.handler}`);
      await this.database.transaction((tx) => rule.handle(mail.envelope, tx));
    } catch (error) {
      await this.database.transaction((tx) => this.failed(tx, mail, error));
      return;
    }
    await this.remove(this.database.read, mail);
  }

  private async failed(tx: EntityManager, mail: QueuedMail, error: unknown): Promise<void> {
    const { logger, errors, metrics } = this.reporting;
    const { event_id, source, handler, envelope, attempts } = mail;
    if (error instanceof MailRejected || mail.age > this.config.expireAfter) {
      await this.deadLetters.add(tx, envelope, this.ruleOf(handler), String(error));
      await this.remove(tx, mail);
      errors.publish(error);
      return;
    }
    const { retryDelay: initialDelay, retryMaxDelay: maxDelay } = this.config;
    const delay = retryDelay({ initialDelay, maxDelay, jitter: 0 }, attempts + 1);
    await tx.query(
      `UPDATE mail_queue SET attempts = attempts + 1, due_at = clock_timestamp() + $3 * interval '1 millisecond', last_error = $4
       WHERE event_id = $1 AND handler = $2 AND source = $5`,
      [event_id, handler, delay, String(error), source],
    );
    metrics.of(EventMetrics).eventsRetried.inc({ type: envelope.type });
    logger.warn({ eventId: event_id, handler, attempts: attempts + 1, err: error }, 'mail delivery failed; retrying');
  }

  private ruleOf(name: string): Pick<EventHandler, 'name' | 'personal'> {
    return this.rules.get(name) ?? { name, personal: new Map() };
  }

  private async remove(tx: EntityManager, { event_id, source, handler }: QueuedMail): Promise<void> {
    await tx.query('DELETE FROM mail_queue WHERE event_id = $1 AND handler = $2 AND source = $3', [
      event_id,
      handler,
      source,
    ]);
  }
}
