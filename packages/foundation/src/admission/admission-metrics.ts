import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../metrics/index.js';

/** Who is in, and who waits. */
export interface AdmissionState {
  readonly limit: number;
  readonly running: number;
  readonly signedIn: number;
  readonly anonymous: number;
}

/** Instruments of what a process lets in. */
export class AdmissionMetrics {
  /** `share` is signed_in or anonymous; `reason` door (nothing was read), queue (no room to wait), share (others had less) or late. */
  readonly refused: Counter<'share' | 'reason'>;
  private state: (() => AdmissionState) | undefined;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.refused = new Counter({
      name: 'platform_admission_rejected_total',
      help: 'Operations refused with SERVICE_BUSY before they began',
      labelNames: ['share', 'reason'],
      registers,
    });
    const read = (name: string, help: string, set: (gauge: Gauge<'share'>, state: AdmissionState) => void) =>
      new Gauge<'share'>({
        name,
        help,
        labelNames: ['share'],
        registers,
        collect: this.collecting(set),
      });
    read('platform_admission_limit', 'Operations that may run at a time, as found', (gauge, { limit }) =>
      gauge.set(limit),
    );
    read('platform_admission_in_flight', 'Operations that run', (gauge, { running }) => gauge.set(running));
    read('platform_admission_queued', 'Operations that wait for their turn', (gauge, { signedIn, anonymous }) => {
      gauge.set({ share: 'signed_in' }, signedIn);
      gauge.set({ share: 'anonymous' }, anonymous);
    });
  }

  /** Has it looked up, whenever the metrics are read. */
  watch(state: () => AdmissionState): void {
    this.state = state;
  }

  private collecting(set: (gauge: Gauge<'share'>, state: AdmissionState) => void) {
    const state = () => this.state?.();
    return function (this: Gauge<'share'>): void {
      const now = state();
      if (now) set(this, now);
    };
  }
}
