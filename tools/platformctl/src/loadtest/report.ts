import type { Tallies, Tally } from './tally.js';
import type { Usage } from './usage.js';

/** One step of a load test, measured. */
export interface Step {
  /** Of the capacity. */
  readonly share: number;
  /** Operations per second. */
  readonly rate: number;
  readonly seconds: number;
  readonly tallies: Tallies;
  readonly usage: Usage | undefined;
  /** How long it took after the load until answers came as they do without any, in ms; null: they did not. */
  readonly recovery: number | null;
}

const HEADINGS = ['offered', 'admitted', 'refused', 'failed', 'p50 ms', 'p95 ms', 'p99 ms'];

/** The lines of one step: a row for each kind, and one for all. */
export function stepReport({ share, rate, seconds, tallies }: Step): string[] {
  const rows = [...tallies.byKind].sort(([one], [other]) => one.localeCompare(other));
  const codes = [...tallies.codes].map(([code, count]) => `${code} ${count}`).join(', ');
  return [
    `${percent(share)} of the capacity: ${rate.toFixed(0)} operations/s for ${seconds} s`,
    row('', HEADINGS),
    ...rows.map(([kind, tally]) => row(kind, cells(tally))),
    row('all', cells(tallies.all)),
    ...(codes ? [`not answered: ${codes}`] : []),
  ];
}

/** The lines that say how the platform bears a load. @param unloaded p95 without load, in ms. */
export function summary(steps: readonly Step[], unloaded: number): string[] {
  return [
    row('share', [
      'offered/s',
      'admitted/s',
      'refused',
      'p95 ms',
      '× unloaded',
      'processor',
      'memory MB',
      'recovery s',
    ]),
    ...steps.map(({ share, seconds, tallies: { all }, usage, recovery }) =>
      row(percent(share), [
        (all.offered / seconds).toFixed(0),
        (all.counts.admitted / seconds).toFixed(0),
        percent((all.counts.refused + all.counts.failed) / Math.max(1, all.offered)),
        all.percentile(95).toFixed(1),
        (all.percentile(95) / unloaded).toFixed(1),
        usage ? percent(usage.processor) : '-',
        usage ? (usage.memory / 1024 / 1024).toFixed(0) : '-',
        recovery === null ? 'none' : (recovery / 1000).toFixed(1),
      ]),
    ),
  ];
}

const cells = (tally: Tally): string[] => [
  ...[tally.offered, tally.counts.admitted, tally.counts.refused, tally.counts.failed].map(String),
  ...[50, 95, 99].map((share) => tally.percentile(share).toFixed(1)),
];

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const row = (name: string, texts: readonly string[]): string =>
  `${name.padEnd(12)}${texts.map((text) => text.padStart(11)).join('')}`;
