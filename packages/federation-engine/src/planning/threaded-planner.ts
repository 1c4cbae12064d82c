import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { type Asker, currentAsker, FairQueue } from '@platform/foundation/fair-shares';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import { print } from 'graphql';
import { EngineError, PlannerOverloaded, PlanningFailed, PlanningTimeout } from '../base/errors.js';
import type { Planner, PlanningSource, PlanRequest } from './planner.js';
import type { ThreadReply, ThreadRequest, ThreadSource } from './planning-thread.js';

export interface PlanningOptions {
  /** Threads that make plans; 0: plans are made on the thread that answers requests, for as long as they take. */
  readonly threads: number;
  /** How long one plan may take, in ms. */
  readonly timeoutMs: number;
  /** The same for anonymous callers, where that is less. Default: the same. */
  readonly anonymousTimeoutMs?: number;
  /** Plans that may wait for a thread, of callers who signed in, and as many of anonymous ones. */
  readonly queue: number;
}

interface Job {
  readonly asker: Asker;
  readonly request: ThreadRequest;
  /** Equal for requests that lead to the same plan. */
  readonly key: string;
  readonly resolve: (plan: QueryPlan) => void;
  readonly reject: (error: Error) => void;
}

/** Operations that took too long are refused for so long without another try, in ms. */
const REMEMBERED = 60_000;
/** What they may weigh, in bytes: some thousand. */
const REMEMBERED_BYTES = 2 * 1024 * 1024;

/**
 * Makes plans on threads of their own, in fair shares. One that takes too long ends with its thread, and nobody else notices. While all threads
 * work for anonymous callers, there is one more for those who signed in.
 */
export class ThreadedPlanner implements Planner {
  private readonly threads = new Map<PlanningThread, Job | undefined>();
  private readonly waiting: FairQueue<Job>;
  /** Of callers who signed in alone. */
  private reserve: PlanningThread | undefined;
  private readonly underWay = new Map<string, Promise<QueryPlan>>();
  private readonly overdue = new WeightedCache<EngineError>({
    bytes: REMEMBERED_BYTES,
    weigh: () => 1_000,
    lifetime: REMEMBERED,
  });

  constructor(
    private readonly source: PlanningSource,
    private readonly options: PlanningOptions,
  ) {
    this.waiting = new FairQueue(options.queue, ({ reject }) => reject(new PlannerOverloaded()));
    this.startThread();
  }

  /** Requests for the same plan share it. */
  plan({ document, overrides }: PlanRequest): Promise<QueryPlan> {
    const request = { document: print(document), overrides: [...overrides] };
    const key = `${JSON.stringify(request.overrides)}\n${request.document}`;
    const asker = currentAsker();
    const overdue = this.overdue.size > 0 ? this.overdue.get(overdueKey(asker, key)) : undefined;
    if (overdue) return Promise.reject(overdue);
    const known = this.underWay.get(key);
    if (known) return known;
    const made = this.queued(asker, request, key).finally(() => this.underWay.delete(key));
    this.underWay.set(key, made);
    return made;
  }

  close(): void {
    for (const thread of this.threads.keys()) thread.end();
    this.threads.clear();
    for (const { reject } of this.waiting.drain()) reject(new PlannerOverloaded());
  }

  private queued(asker: Asker, request: ThreadRequest, key: string): Promise<QueryPlan> {
    return new Promise((resolve, reject) => {
      const taken = this.waiting.add(asker, { asker, request, key, resolve, reject });
      if (!taken) reject(new PlannerOverloaded());
      this.next();
    });
  }

  private next(): void {
    for (let thread = this.idleThread(); thread; thread = this.idleThread()) {
      const job = this.waiting.take({ signedInOnly: thread === this.reserve })?.item;
      if (!job) return;
      void this.run(thread, job);
    }
  }

  private async run(thread: PlanningThread, job: Job): Promise<void> {
    this.threads.set(thread, job);
    const { timeoutMs, anonymousTimeoutMs = timeoutMs } = this.options;
    const most = job.asker.signedIn ? timeoutMs : Math.min(timeoutMs, anonymousTimeoutMs);
    const started = performance.now();
    try {
      const reply = await thread.plan(job.request, most);
      if ('plan' in reply) job.resolve(reply.plan);
      else job.reject(new PlanningFailed('The operation cannot be planned.', new Error(reply.failure)));
      this.threads.set(thread, undefined);
    } catch (error) {
      if (error instanceof EngineError) this.overdue.set(overdueKey(job.asker, job.key), error);
      job.reject(error as Error);
      this.threads.delete(thread);
      if (thread === this.reserve) this.reserve = undefined;
    }
    this.waiting.charge(job.asker, performance.now() - started);
    this.next();
  }

  /** One that has nothing to do for somebody who waits. */
  private idleThread(): PlanningThread | undefined {
    if (this.waiting.size === 0) return undefined;
    for (const [thread, job] of this.threads) if (!job && thread !== this.reserve) return thread;
    const own = this.threads.size - (this.reserve ? 1 : 0);
    if (own < this.options.threads) return this.startThread();
    if (this.waiting.waitingSignedIn === 0) return undefined;
    const allAnonymous = [...this.threads].every(([thread, job]) => thread === this.reserve || !job?.asker.signedIn);
    if (!this.reserve && allAnonymous) this.reserve = this.startThread();
    return this.reserve && !this.threads.get(this.reserve) ? this.reserve : undefined;
  }

  private startThread(): PlanningThread {
    const thread = new PlanningThread({ sdl: this.source.sdl(), config: this.source.config });
    this.threads.set(thread, undefined);
    return thread;
  }
}

/** Anonymous callers have less time: what was too long for them may not be for others. */
const overdueKey = ({ signedIn }: Asker, key: string): string => `${signedIn} ${digestOf(key)}`;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The same file, compiled or not. */
const CODE = new URL(`./planning-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/** What planning may take of memory, in MB: beyond it the thread ends, and not the process. */
const HEAP = 512;

/** One thread, which makes one plan at a time. Its time begins when it has read the supergraph. */
class PlanningThread {
  private readonly worker: Worker;
  private readonly ready: Promise<unknown>;

  constructor(source: ThreadSource) {
    this.worker = new Worker(CODE, { workerData: source, resourceLimits: { maxOldGenerationSizeMb: HEAP } });
    this.worker.unref();
    this.ready = this.answer();
    this.ready.catch(() => undefined);
  }

  /** Rejects with PlanningTimeout, or with what has ended the thread; it is then of no more use. */
  async plan(request: ThreadRequest, timeoutMs: number): Promise<ThreadReply> {
    await this.ready;
    const answer = this.answer<ThreadReply>();
    this.worker.postMessage(request);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PlanningTimeout(timeoutMs)), timeoutMs);
    });
    try {
      return await Promise.race([answer, late]);
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
