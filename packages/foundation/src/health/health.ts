import { Coalescer } from '../coalesce/index.js';
import { redactText } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { HealthMetrics } from './health-metrics.js';

/** One thing that a process needs. Hard: without it no request can be answered. Soft: the process works on, degraded. */
export interface HealthCheck {
  readonly name: string;
  readonly severity: 'hard' | 'soft';
  /** Resolves when all is well, rejects with the reason otherwise. */
  check(): Promise<void>;
}

export interface CheckResult {
  status: 'ok' | 'failed';
  severity: HealthCheck['severity'];
  durationMs: number;
  /** Why it failed, without secrets. */
  reason?: string;
}

export interface HealthReport {
  status: 'ready' | 'degraded' | 'unavailable';
  checks: Record<string, CheckResult>;
}

/** The named checks of a process, asked all at once and each for two seconds at most. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly reports = new Coalescer<HealthReport>();

  /** Where there are metrics, each scrape evaluates the checks: an alert needs nobody who asks for the report. */
  constructor(private readonly options: { metrics?: Metrics; timeoutMs?: number } = {}) {
    options.metrics?.beforeRead(() => this.report());
  }

  add(check: HealthCheck): this {
    if (this.checks.has(check.name)) throw new Error(`A health check named ${check.name} exists already`);
    this.checks.set(check.name, check);
    return this;
  }

  /** Probes that come while one is being answered share its answer. */
  report(): Promise<HealthReport> {
    return this.reports.run('', () => this.askAll());
  }

  private async askAll(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks.values()].map(async (check) => [check.name, await this.ask(check)] as const),
    );
    const failed = results.map(([, result]) => result).filter(({ status }) => status === 'failed');
    const unavailable = failed.some(({ severity }) => severity === 'hard');
    return {
      status: unavailable ? 'unavailable' : failed.length > 0 ? 'degraded' : 'ready',
      checks: Object.fromEntries(results),
    };
  }

  private async ask(check: HealthCheck): Promise<CheckResult> {
    const { metrics, timeoutMs = 2_000 } = this.options;
    const started = performance.now();
    const reason = await failure(check, timeoutMs);
    metrics?.of(HealthMetrics).healthStatus.set({ check: check.name }, reason === undefined ? 1 : 0);
    return {
      status: reason === undefined ? 'ok' : 'failed',
      severity: check.severity,
      durationMs: Math.round(performance.now() - started),
      ...(reason !== undefined && { reason }),
    };
  }
}

/** Why a check fails, or undefined when it does not. */
async function failure(check: HealthCheck, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([(async () => check.check())(), timeout]);
    return undefined;
  } catch (error) {
    return redactText(error instanceof Error ? error.message || error.name : String(error));
  } finally {
    clearTimeout(timer);
  }
}
