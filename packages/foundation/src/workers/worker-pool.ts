import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { OperatorError } from '../errors/index.js';
import { localUrl } from '../http/local-url.js';
import type { LifecycleComponent } from '../lifecycle/index.js';
import type { Logger } from '../logging/index.js';
import { sumMetrics } from './metrics-exchange.js';

/** The pause before a worker that ended is replaced, in milliseconds; doubled from one to the next. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;
/** A worker that has lived for so long, in milliseconds, was not broken from the start. */
const SOUND = 30_000;

interface WorkerPoolOptions {
  readonly count: number;
  readonly logger: Logger;
  /** How long workers may take to stop before they are killed, in milliseconds. */
  readonly shutdownTimeout: number;
}

/** A worker could not start; what it printed says why. */
export class WorkerFailed extends OperatorError {}

/** Whether this process is one of a pool's workers. */
export const isWorker = (): boolean => cluster.isWorker;

/**
 * Runs this same command line in `count` processes that share one port. A worker that ends is replaced, ever more slowly
 * while new ones keep failing. Whichever of them is asked for metrics answers the sum of all.
 */
export class WorkerPool implements LifecycleComponent {
  readonly name = 'workers';
  private readonly workers = new Set<Worker>();
  private readonly listening = new Set<Worker>();
  private pause = FIRST_PAUSE;
  private stopping = false;

  constructor(private readonly options: WorkerPoolOptions) {}

  /** Answers once every worker listens. @throws WorkerFailed */
  async start(): Promise<void> {
    const first = Array.from({ length: this.options.count }, () => this.fork());
    const [address] = await Promise.all(first.map(listening));
    for (const worker of first) this.replaceWhenEnded(worker);
    if (address) this.options.logger.info({ workers: first.length }, `Listening on ${localUrl(address)}`);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const ended = [...this.workers].map((worker) => once(worker, 'exit'));
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), this.options.shutdownTimeout);
    await Promise.all(ended);
    clearTimeout(late);
  }

  /** Lets every worker read its configuration again. One that is still starting reads it anyway. */
  reload(): void {
    this.signal('SIGHUP', this.listening);
  }

  private fork(): Worker {
    const worker = cluster.fork();
    this.workers.add(worker);
    worker.once('listening', () => this.listening.add(worker));
    worker.once('exit', () => {
      this.workers.delete(worker);
      this.listening.delete(worker);
    });
    sumMetrics(worker, () => [...this.workers].filter(({ process }) => process.connected));
    return worker;
  }

  private signal(signal: NodeJS.Signals, workers = this.workers): void {
    for (const worker of workers) worker.process.kill(signal);
  }

  private replaceWhenEnded(worker: Worker): void {
    const begun = performance.now();
    worker.once('exit', (code, signal) => {
      if (this.stopping) return;
      this.pause = performance.now() - begun > SOUND ? FIRST_PAUSE : Math.min(this.pause * 2, LONGEST_PAUSE);
      const { pid } = worker.process;
      this.options.logger.error({ pid, code, signal, pauseMs: this.pause }, 'worker exited; restarting');
      setTimeout(() => {
        if (!this.stopping) this.replaceWhenEnded(this.fork());
      }, this.pause);
    });
  }
}

/** Where the worker listens, once it does. */
async function listening(worker: Worker): Promise<Address> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(worker, 'exit', { signal }).then(([code]): never => {
    throw new WorkerFailed(`A worker ended with code ${code} before it listened`);
  });
  const begun = once(worker, 'listening', { signal }).then(([address]) => address as Address);
  return Promise.race([begun, ended]).finally(() => {
    settled.abort();
    for (const other of [begun, ended]) other.catch(() => undefined);
  });
}
