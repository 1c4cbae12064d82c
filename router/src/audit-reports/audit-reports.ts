import { type CallerTokenSigner, NO_ORGANIZATION, serviceCaller } from '@platform/auth';
import type { ReportedAction } from '@platform/contracts';
import { currentAsker, FairQueue } from '@platform/foundation/fair-shares';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { type Logger, type RequestContext, requestContext } from '@platform/foundation/logging';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';

const RECORD = 'mutation RecordReport($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { id } }';
const PERMISSION = 'audit.entry.record';

/** What happened to one caller's requests for the same fields in a while, all taken together. */
interface Report {
  readonly context: RequestContext;
  readonly fields: readonly string[];
  readonly occurredAt: Date;
  times: number;
}

/** How entries call it. */
export interface ReportKind {
  readonly action: ReportedAction<'router'>;
  readonly outcome: 'SUCCESS' | 'DENIED';
}

/** What callers were refused, and what they have read. */
export const FIELDS_REFUSED: ReportKind = { action: 'platform.authorization.denied', outcome: 'DENIED' };
export const FIELDS_READ: ReportKind = { action: 'platform.data.read', outcome: 'SUCCESS' };

interface ReportOptions {
  readonly kind: ReportKind;
  /** Of what no caller's tenant is known for. */
  readonly tenantId: string;
  /** How long reports are collected before they are told, in ms. */
  readonly interval: number;
  /** Entries told at a time of callers who signed in, and as many of anonymous ones; what is beyond them is told as a number. */
  readonly maxEntries: number;
  /** Hears of what is told as a number, and of what did not reach the log. */
  readonly onUntold?: (count: number) => void;
}

/**
 * Tells the audit log what callers did with fields. Nobody waits for it, and nobody can fill the log with it: the same is one entry
 * with the number of times, and of others at most `maxEntries` an interval, in fair shares: whoever is refused much crowds nobody out. While the log is slow or away no more than that waits.
 */
export class AuditReports implements LifecycleComponent {
  readonly name: string;
  private waiting = new Map<string, Report>();
  private room: FairQueue<string>;
  private untold = 0;
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;

  constructor(
    private readonly audit: () => SubgraphEndpoint,
    private readonly tokens: CallerTokenSigner,
    private readonly options: ReportOptions,
    private readonly logger: Logger,
  ) {
    this.name = `reports:${options.kind.action}`;
    this.room = this.emptyRoom();
  }

  /** Takes note of fields for the caller of the running request. */
  readonly add = (fields: readonly string[]): void => {
    const context = requestContext.current() ?? { requestId: 'unknown' };
    const asker = currentAsker();
    const key = JSON.stringify([context.tenantId, asker.key, context.apiKeyId, fields]);
    const known = this.waiting.get(key);
    if (known) known.times += 1;
    else if (this.room.add(asker, key)) {
      this.waiting.set(key, { context, fields, occurredAt: new Date(), times: 1 });
    } else this.leaveOut(1);
    this.schedule();
  };

  private emptyRoom(): FairQueue<string> {
    return new FairQueue(this.options.maxEntries, (key) => {
      this.leaveOut(this.waiting.get(key)?.times ?? 0);
      this.waiting.delete(key);
    });
  }

  private leaveOut(times: number): void {
    this.untold += times;
    this.options.onUntold?.(times);
  }

  /** Tells what is left. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.telling;
    clearTimeout(this.timer);
    await this.tell();
  }

  private schedule(): void {
    if (this.telling) return;
    this.timer ??= setTimeout(() => {
      this.telling = this.tell().finally(() => {
        this.telling = undefined;
        this.timer = undefined;
        if (this.waiting.size > 0 || this.untold > 0) this.schedule();
      });
    }, this.options.interval).unref();
  }

  private async tell(): Promise<void> {
    const [reports, untold] = [[...this.waiting.values()], this.untold];
    this.waiting = new Map();
    this.room = this.emptyRoom();
    this.untold = 0;
    for (const report of reports) await this.record(detailsOf(report), report.context);
    if (untold > 0) await this.record({ metadata: { untold } });
  }

  /** An entry of the caller's tenant, whose administrators read it; of who acts in none, the default one's. */
  private async record(details: object, { requestId, tenantId }: Partial<RequestContext> = {}): Promise<void> {
    const known = tenantId === NO_ORGANIZATION ? undefined : tenantId;
    const input = { ...this.options.kind, resource: 'field', ...details };
    try {
      const router = serviceCaller('router', known ?? this.options.tenantId, [PERMISSION]);
      const headers = {
        [CALLER_TOKEN_HEADER]: await this.tokens.sign(router, 'audit'),
        ...(requestId && { 'x-request-id': requestId }),
      };
      const { errors } = await this.audit().execute(
        { query: RECORD, variables: { input } },
        headers,
        AbortSignal.timeout(5_000),
      );
      if (errors?.length) throw new Error(errors[0]?.message);
    } catch (error) {
      this.options.onUntold?.(1);
      this.logger.warn({ err: error, input }, 'audit report failed; dropping it');
    }
  }
}

const detailsOf = ({ context, fields, occurredAt, times }: Report): object => ({
  resourceId: fields[0]?.slice(0, 200) || null,
  actorId: context.userId ?? null,
  ...(context.serviceAccountId && { serviceAccountId: context.serviceAccountId }),
  ipAddress: context.clientIp ?? null,
  userAgent: context.userAgent?.slice(0, 1_000) ?? null,
  occurredAt: occurredAt.toISOString(),
  metadata: { fields: fields.slice(0, 20), times, ...(context.apiKeyId && { apiKeyId: context.apiKeyId }) },
});
