import type { Logger } from '@platform/foundation/logging';
import type { RateStore, Standing, Take } from './limit.js';

/** How long the shared counts are left alone after a failure, in ms. */
const PAUSE = 1_000;

/** The counts that processes share, and this process's own while those are away: stricter or looser by a few, never open. */
export class FallbackRateStore implements RateStore {
  private away = false;
  private nextAttempt = 0;

  constructor(
    private readonly shared: RateStore,
    private readonly own: RateStore,
    private readonly logger: Logger,
  ) {}

  /** True while every process counts for itself. */
  get local(): boolean {
    return this.away;
  }

  async take(takes: readonly Take[]): Promise<Standing[]> {
    if (this.away) {
      if (performance.now() < this.nextAttempt) return this.own.take(takes);
      this.nextAttempt = performance.now() + PAUSE; // one request finds out; the others do not wait for it
    }
    try {
      const standings = await this.shared.take(takes);
      this.note(false);
      return standings;
    } catch (error) {
      this.nextAttempt = performance.now() + PAUSE;
      this.note(true, error);
      return this.own.take(takes);
    }
  }

  private note(away: boolean, err?: unknown): void {
    if (away === this.away) return;
    this.away = away;
    if (away) this.logger.warn({ err }, 'Rates are limited by each process alone until Redis answers again');
    else this.logger.info('Rates are limited across processes again');
  }
}
