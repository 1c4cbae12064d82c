import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Contender, root } from './contenders.js';
import type { Figures } from './load.js';
import type { Workload } from './operations.js';

/** One gateway under one workload, every round of it. */
export interface Measurement {
  readonly contender: Contender;
  readonly workload: Workload;
  readonly figures: readonly Figures[];
  /** Processor time per operation in ms, round by round. */
  readonly processor: readonly number[];
  /** The most of all rounds, in MB. */
  readonly memory: number;
  /** Requests to subgraphs per operation. */
  readonly calls: number;
}

interface Conditions {
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
}

/** Prints the tables and keeps them under benchmarks/results. */
export function writeReport(measurements: readonly Measurement[], conditions: Conditions): void {
  const workloads = [...new Set(measurements.map(({ workload }) => workload.name))];
  const tables = workloads.map((name) =>
    table(
      name,
      measurements.filter(({ workload }) => workload.name === name),
    ),
  );
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpu?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node.js ${process.version}`;
  const text = [
    `# Gateways side by side, ${date}`,
    '',
    `${machine}. One gateway process on one core, load and subgraphs on another; ${conditions.connections} connections,`,
    `${conditions.rounds} interleaved rounds of ${conditions.seconds} s after 2 s of warming up; medians. Answers were compared for equality first.`,
    'Work is what one core does in a second, by processor time: it varies less than requests per second where a machine is busy.',
    '',
    ...tables,
  ].join('\n');
  process.stdout.write(`${text}\n`);
  const slug = `${cpu?.model.trim() ?? 'unknown'} ${cpus().length} cores`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const folder = `${root}benchmarks/results`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${date}-${slug}.md`, `${text.trimEnd()}\n`);
}

function table(name: string, measurements: readonly Measurement[]): string {
  const rate = ({ figures }: Measurement) => median(figures.map(({ requests, duration }) => requests / duration));
  const cost = ({ processor }: Measurement) => median(processor);
  const [first] = measurements;
  const rows = measurements.map((measurement) => {
    const { contender, figures, memory, calls } = measurement;
    const ratio = first ? `${(rate(measurement) / rate(first)).toFixed(2)}×` : '–';
    const work = first ? `${(cost(first) / cost(measurement)).toFixed(2)}×` : '–';
    const failures = figures.reduce((sum, each) => sum + each.failures, 0);
    return [
      contender.name,
      rate(measurement).toFixed(0),
      ratio,
      cost(measurement).toFixed(2),
      work,
      median(figures.map(({ p50 }) => p50)).toFixed(1),
      median(figures.map(({ p99 }) => p99)).toFixed(1),
      memory.toFixed(0),
      calls.toFixed(2),
      String(failures),
    ];
  });
  const head = [
    'gateway',
    'RPS',
    'RPS to the first',
    'CPU ms per operation',
    'work to the first',
    'p50 ms',
    'p99 ms',
    'max RSS MB',
    'subgraph calls per operation',
    'failures',
  ];
  return [`## ${name}`, '', ...aligned([head, ...rows]), ''].join('\n');
}

/** A Markdown table as the formatter has it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
