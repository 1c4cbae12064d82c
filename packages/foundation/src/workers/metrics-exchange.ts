import type { Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { Metrics } from '../metrics/index.js';

type WorkerMetrics = MetricObjectWithValues<MetricValue<string>>[];

/** What travels between the workers and the process that runs them. */
type Message =
  | { readonly metrics: 'sum wanted'; readonly id: number }
  | { readonly metrics: 'yours wanted'; readonly id: string }
  | { readonly metrics: 'mine'; readonly id: string; readonly values: WorkerMetrics }
  | { readonly metrics: 'sum'; readonly id: number; readonly text: string };

/** A worker that is slower, in milliseconds, is left out of the sum. */
const PATIENCE = 4_000;

const isMessage = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && 'metrics' in message;

/** The primary's half: answers whichever worker is asked for metrics with the sum over all of `workers`. */
export function sumMetrics(asked: Worker, workers: () => readonly Worker[]): void {
  asked.on('message', async (message: unknown) => {
    if (!isMessage(message) || message.metrics !== 'sum wanted') return;
    const answers = await Promise.all(workers().map((worker) => metricsOf(worker, `${asked.id}:${message.id}`)));
    const known = answers.filter((answer) => answer !== undefined);
    const text = await AggregatorRegistry.aggregate(known).metrics();
    if (asked.isConnected()) asked.send({ metrics: 'sum', id: message.id, text } satisfies Message);
  });
}

function metricsOf(worker: Worker, id: string): Promise<WorkerMetrics | undefined> {
  return new Promise((resolve) => {
    const settle = (values?: WorkerMetrics): void => {
      clearTimeout(late);
      worker.off('message', listen);
      resolve(values);
    };
    const listen = (message: unknown): void => {
      if (isMessage(message) && message.metrics === 'mine' && message.id === id) settle(message.values);
    };
    const late = setTimeout(settle, PATIENCE);
    worker.on('message', listen);
    if (worker.isConnected()) worker.send({ metrics: 'yours wanted', id } satisfies Message);
    else settle();
  });
}

/** A worker's half: tells its own metrics when asked, and answers a function that asks for the sum. */
export function shareMetrics(metrics: Metrics): () => Promise<string> {
  const waiting = new Map<number, (text: string) => void>();
  let asked = 0;
  process.on('message', async (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.metrics === 'yours wanted') {
      await metrics.refresh();
      const values = await metrics.registry.getMetricsAsJSON();
      process.send?.({ metrics: 'mine', id: message.id, values } satisfies Message);
    }
    if (message.metrics === 'sum') {
      waiting.get(message.id)?.(message.text);
      waiting.delete(message.id);
    }
  });
  return () =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      process.send?.({ metrics: 'sum wanted', id: asked } satisfies Message);
    });
}
