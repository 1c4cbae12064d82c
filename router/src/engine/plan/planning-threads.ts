import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { WeightedCache } from '@platform/kernel/weighted-cache';
import { EngineError, PlanningBusy, PlanningFailed, PlanningTimeout } from '../errors.js';
import { keyOf, type MadePlan, type PlanningSource, type PlanRequest } from './planner.js';

export interface PlanningOptions {
  /** Threads that make plans; 0: plans are made on the thread that answers requests, for as long as they take. */
  readonly threads: number;
  /** How long one plan may take, in ms. */
  readonly timeoutMs: number;
  /** Plans that may wait for a thread. */
  readonly queue: number;
}

interface Job {
  readonly request: PlanRequest;
  readonly resolve: (made: MadePlan) => void;
  readonly reject: (error: Error) => void;
}

/** Operations that took too long are refused for so long without another try, in ms. */
const REMEMBERED = 60_000;
/** What they may weigh, in bytes: some thousand. */
const REMEMBERED_BYTES = 2 * 1024 * 1024;

/** Makes plans on threads of their own. One that takes too long ends with its thread, and nobody else notices. */
export class PlanningThreads {
  private readonly threads = new Map<PlanningThread, Job | undefined>();
  private readonly waiting: Job[] = [];
  private readonly underWay = new Map<string, Promise<MadePlan>>();
  private readonly overdue = new WeightedCache<EngineError>({
    bytes: REMEMBERED_BYTES,
    weigh: () => 1_000,
    lifetime: REMEMBERED,
  });

  constructor(
    private readonly source: () => PlanningSource,
    private readonly options: PlanningOptions,
  ) {
    this.idleThread();
  }

  /** Requests for the same plan share it. Rejects with PlanningTimeout or PlanningBusy. */
  plan(request: PlanRequest): Promise<MadePlan> {
    const key = keyOf(request);
    const overdue = this.overdue.size > 0 ? this.overdue.get(digestOf(key)) : undefined;
    if (overdue) return Promise.reject(overdue);
    const known = this.underWay.get(key);
    if (known) return known;
    const made = this.queued(request).finally(() => this.underWay.delete(key));
    this.underWay.set(key, made);
    return made;
  }

  close(): void {
    for (const thread of this.threads.keys()) thread.end();
    this.threads.clear();
    for (const { reject } of this.waiting.splice(0)) reject(new PlanningBusy());
  }

  private queued(request: PlanRequest): Promise<MadePlan> {
    if (this.waiting.length >= this.options.queue) return Promise.reject(new PlanningBusy());
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      this.next();
    });
  }

  private next(): void {
    const [job] = this.waiting;
    const thread = job && this.idleThread();
    if (!thread) return;
    this.waiting.shift();
    this.threads.set(thread, job);
    thread.plan(job.request, this.options.timeoutMs).then(
      (made) => {
        job.resolve(made);
        this.threads.set(thread, undefined);
        this.next();
      },
      (error: Error) => {
        if (error instanceof EngineError) this.overdue.set(digestOf(keyOf(job.request)), error);
        job.reject(error);
        this.threads.delete(thread);
        this.next();
      },
    );
  }

  private idleThread(): PlanningThread | undefined {
    for (const [thread, job] of this.threads) if (!job) return thread;
    if (this.threads.size >= this.options.threads) return undefined;
    const thread = new PlanningThread(this.source());
    this.threads.set(thread, undefined);
    return thread;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The same file, compiled or not. */
const CODE = new URL(`./planning-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** What planning may take of memory, in MB: beyond it the thread ends, and not the process. */
const HEAP = 512;

/** One thread, which makes one plan at a time. Its time begins when it has read the supergraph. */
class PlanningThread {
  private readonly worker: Worker;
  private readonly ready: Promise<unknown>;

  constructor(source: PlanningSource) {
    this.worker = new Worker(CODE, { workerData: source, resourceLimits: { maxOldGenerationSizeMb: HEAP } });
    this.worker.unref();
    this.ready = this.answer();
    this.ready.catch(() => undefined);
  }

  /** Rejects with PlanningTimeout, or with what has ended the thread; it is then of no more use. */
  async plan(request: PlanRequest, timeoutMs: number): Promise<MadePlan> {
    await this.ready;
    const answer = this.answer<{ plan: QueryPlan } | { failure: string }>();
    this.worker.postMessage(request);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PlanningTimeout(timeoutMs)), timeoutMs);
    });
    try {
      const made = await Promise.race([answer, late]);
      return 'failure' in made ? { failure: new Error(made.failure) } : made;
    } catch (error) {
      answer.catch(() => undefined);
      this.end();
      throw error instanceof PlanningTimeout ? error : new PlanningFailed('The operation cannot be planned.', error);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    void this.worker.terminate();
  }

  /** The next message of the thread. */
  private answer<T>(): Promise<T> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', answered).off('error', failed).off('exit', ended);
        act();
      };
      const answered = (message: T) => settle(() => resolve(message));
      const failed = (error: Error) => settle(() => reject(error));
      const ended = () => settle(() => reject(new Error('The planning thread has ended')));
      worker.once('message', answered).once('error', failed).once('exit', ended);
    });
  }
}
