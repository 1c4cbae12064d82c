import { CALLER_TOKEN_HEADER, type CallerTokenSigner, serviceCaller } from '@platform/kernel/auth';
import type { SubgraphEndpoint } from '@platform/kernel/endpoints';
import type { Part } from '@platform/kernel/lifecycle';
import { type Logger, type RequestContext, requestContext } from '@platform/kernel/logging';
import type { GraphQLFormattedError } from 'graphql';

const RECORD = 'mutation RecordDenial($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { id } }';
const PERMISSION = 'audit.entry.record';

/** What one caller was refused in a while, all requests for the same fields taken together. */
interface Denial {
  readonly context: RequestContext;
  readonly fields: readonly string[];
  readonly occurredAt: Date;
  times: number;
}

interface DenialOptions {
  readonly tenantId: string;
  /** How long denials are collected before they are told, in ms. */
  readonly interval: number;
  /** Entries told at a time; what is beyond them is told as a number. */
  readonly most: number;
}

/**
 * Tells the audit log what callers were refused. Nobody waits for it, and nobody can fill the log with it: the same refusal is one entry
 * with the number of times, and of others at most `most` an interval.
 */
export class Denials implements Part {
  readonly name = 'denials';
  private waiting = new Map<string, Denial>();
  private untold = 0;
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly audit: () => SubgraphEndpoint,
    private readonly tokens: CallerTokenSigner,
    private readonly options: DenialOptions,
    private readonly logger: Logger,
  ) {}

  /** Takes note of fields that the caller of the running request was refused. */
  readonly add = (refusals: readonly GraphQLFormattedError[]): void => {
    const context = requestContext.current() ?? { requestId: 'unknown' };
    const fields = [
      ...new Set(refusals.map(({ path }) => (path ?? []).filter((step) => typeof step === 'string').join('.'))),
    ];
    const key = JSON.stringify([context.userId ?? context.clientIp, fields]);
    const known = this.waiting.get(key);
    if (known) known.times += 1;
    else if (this.waiting.size < this.options.most) {
      this.waiting.set(key, { context, fields, occurredAt: new Date(), times: 1 });
    } else this.untold += 1;
    this.timer ??= setTimeout(() => this.tell(), this.options.interval).unref();
  };

  /** Tells what is left. */
  async stop(): Promise<void> {
    this.tell();
    await this.telling;
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const denials = [...this.waiting.values()];
    const untold = this.untold;
    this.waiting = new Map();
    this.untold = 0;
    this.telling = this.telling.then(async () => {
      for (const denial of denials) await this.record(inputOf(denial), denial.context.requestId);
      if (untold > 0) await this.record({ ...ACTION, metadata: { untold } });
    });
  }

  private async record(input: object, requestId?: string): Promise<void> {
    try {
      const router = serviceCaller('router', this.options.tenantId, [PERMISSION]);
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
      this.logger.warn({ err: error, input }, 'A denial is not in the audit log');
    }
  }
}

const ACTION = { action: 'platform.authorization.denied', resource: 'field', outcome: 'DENIED' };

const inputOf = ({ context, fields, occurredAt, times }: Denial): object => ({
  ...ACTION,
  resourceId: fields[0]?.slice(0, 200) || null,
  actorId: context.userId ?? null,
  ipAddress: context.clientIp ?? null,
  userAgent: context.userAgent?.slice(0, 1_000) ?? null,
  occurredAt: occurredAt.toISOString(),
  metadata: { fields: fields.slice(0, 20), times },
});
