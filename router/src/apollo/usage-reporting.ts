import { createHash } from 'node:crypto';
import { arch, hostname, type as osType, release } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { IReportHeader } from '@apollo/usage-reporting-protobuf';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { type OutboundAnswer, outboundRequest } from '@platform/foundation/outbound';
import type { ApolloConfig } from './config.js';
import type { OperationRecord } from './operation-record.js';
import type { UsageReport } from './usage-report.js';

const ATTEMPTS = 5;
const FIRST_PAUSE = 100;
const TIMEOUT = 30_000;
/** Of Studio's answer, in bytes. */
const LARGEST_ANSWER = 1024 * 1024;
const compressed = promisify(gzip);

/** The reporting that the configuration asks for. Without a key there is none: nothing is sent anywhere. */
export function usageReporting(config: ApolloConfig, logger: Logger): UsageReporting | undefined {
  const { key, graphRef } = config;
  if (key === null || graphRef === null || !config.usageReporting.enabled) return undefined;
  return new UsageReporting({ ...config, key, graphRef }, logger);
}

/** Tells Apollo Studio how operations went, every `interval`, and at the end. A Studio that is away costs reports, never a request. */
export class UsageReporting implements LifecycleComponent {
  readonly name = 'usage reporting';
  /** By the supergraph that the operations ran on. */
  private reports = new Map<string, UsageReport>();
  private readonly schemaIds = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private flushing = Promise.resolve();
  /** Studio's protocol is loaded by those alone who report. */
  private protocol: typeof import('./usage-report.js') | undefined;

  constructor(
    private readonly config: ApolloConfig & { readonly key: string; readonly graphRef: string },
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.protocol = await import('./usage-report.js');
    this.timer = setInterval(() => void this.flush(), this.config.usageReporting.interval);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  /** What happens before the start is not reported. */
  record(supergraph: string, record: OperationRecord): void {
    if (!this.protocol) return;
    let report = this.reports.get(supergraph);
    if (!report) {
      const { errorMessages, fieldLevelInstrumentation } = this.config.usageReporting;
      report = new this.protocol.UsageReport({ errorMessages, weight: 1 / fieldLevelInstrumentation });
      this.reports.set(supergraph, report);
    }
    report.add(record);
  }

  /** Whether the next operation is one of those that are looked at closely. */
  traces(): boolean {
    return Math.random() < this.config.usageReporting.fieldLevelInstrumentation;
  }

  /** One after the other, so that whoever stops waits for what is on its way. */
  private flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.sendReports());
    return this.flushing;
  }

  private async sendReports(): Promise<void> {
    const { reports } = this;
    this.reports = new Map();
    for (const [supergraph, report] of reports) {
      if (report.empty) continue;
      try {
        await this.send(report.encode(this.header(supergraph)));
      } catch (error) {
        this.logger.warn({ reason: String(error) }, 'usage report failed; dropping it');
      }
    }
  }

  private header(supergraph: string): IReportHeader {
    let id = this.schemaIds.get(supergraph);
    if (id === undefined) {
      id = createHash('sha256').update(supergraph).digest('hex');
      this.schemaIds.clear();
      this.schemaIds.set(supergraph, id);
    }
    return {
      graphRef: this.config.graphRef,
      executableSchemaId: id,
      hostname: hostname(),
      agentVersion: '@platform/router',
      runtimeVersion: `node ${process.version}`,
      uname: `${process.platform}, ${osType()}, ${release()}, ${arch()}`,
    };
  }

  /** @throws when Studio refuses the report, or cannot be reached in five attempts. */
  private async send(report: Uint8Array): Promise<void> {
    const body = await compressed(report);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.post(body).catch((error: Error) => error);
      if (!(outcome instanceof Error) && outcome.ok) return;
      const failure = outcome instanceof Error ? outcome : new Error(`HTTP ${outcome.status}`);
      const refused = !(outcome instanceof Error) && outcome.status < 500;
      if (refused || attempt === ATTEMPTS) throw failure;
      await wait(FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }

  private post(body: Buffer): Promise<OutboundAnswer> {
    const { key, usageReporting } = this.config;
    return outboundRequest(`${new URL(usageReporting.endpoint).origin}/api/ingress/traces`, {
      method: 'POST',
      headers: {
        'x-api-key': key,
        'content-encoding': 'gzip',
        'user-agent': '@platform/router',
        accept: 'application/json',
      },
      body,
      timeout: TIMEOUT,
      maxBytes: LARGEST_ANSWER,
    });
  }
}
