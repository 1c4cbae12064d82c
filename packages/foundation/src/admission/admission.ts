import { ServiceBusy } from '../errors/index.js';
import { type Asker, FairQueue } from '../fair-shares/index.js';
import type { Logger } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { AdaptiveLimit } from './adaptive-limit.js';
import { AdmissionMetrics } from './admission-metrics.js';
import { Overload } from './overload.js';

/** The process has more to do than it can, and has not begun with this. Not a failure of ours: it is counted, and told in the log now and then. */
export class Overloaded extends ServiceBusy {}

/** A place among those that run; it is left once, however often it is said. */
export interface Admitted {
  leave(): void;
}

export interface AdmissionOptions {
  /** False admits everybody at once. */
  readonly enabled: boolean;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly limit?: AdaptiveLimit;
}

interface Turn {
  readonly asker: Asker;
  readonly since: number;
  take(place: Admitted): void;
  refuse(): void;
}

/** How often the load is judged, in ms. */
const WINDOW = 100;
/** For how long one may wait who has to wait at all, in ms, and how many may: a crowd that can be served is no overload. */
const CROWD = { patience: 500, least: 100 };
/** In overload one waits as long as one takes when there is time, within these bounds, in ms: waiting longer would help nobody. */
const PATIENCE = { least: 10, most: 250 };
/** Places beside all others, for what has to be possible always. */
const RESERVED = 8;
/** How often the log tells that operations are refused, in ms. */
const TOLD = 10_000;
/** How much of an average one more window changes. */
const NEW = 0.2;

/**
 * Who may begin now, who waits, and who is refused before anything is done for them. As many run at a time as keep the event loop busy; others wait,
 * in fair shares of those who signed in and of anonymous networks; whoever would wait for too long is refused at once.
 */
export class Admission {
  private running = 0;
  private reserved = 0;
  private readonly queue = new FairQueue<Turn>(
    (asker) => this.roomOf(asker),
    (turn) => this.drop(turn, 'share'),
  );
  private readonly waiting = new Set<Turn>();
  private readonly limit: AdaptiveLimit;
  private readonly timer: NodeJS.Timeout | undefined;
  /** What one takes when there is time, in ms, and how many are done in one. */
  private usual = 50;
  private pace = 1;
  private window = { done: 0, took: 0, since: performance.now() };
  private readonly overload = { signed_in: new Overload(), anonymous: new Overload() };
  private untold = 0;
  private told = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: AdmissionOptions) {
    this.limit = options.limit ?? new AdaptiveLimit();
    if (!options.enabled) return;
    this.timer = setInterval(() => this.judge(performance.now()), WINDOW).unref();
    options.metrics.of(AdmissionMetrics).watch(() => ({
      limit: this.limit.value,
      running: this.running + this.reserved,
      signedIn: this.queue.waitingSignedIn,
      anonymous: this.queue.size - this.queue.waitingSignedIn,
    }));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** What is thrown at somebody who would be refused now; asked before anything of a request is read. Undefined for whoever may come in. */
  refusal(asker: Asker): Overloaded | undefined {
    if (this.running < this.limit.value || this.queue.hasRoomFor(asker)) return undefined;
    return this.refused(asker, 'door');
  }

  /** Answers a place, at once or when it is one's turn. @throws Overloaded; the signal's reason. */
  enter(asker: Asker, signal?: AbortSignal): Admitted | Promise<Admitted> {
    if (!this.options.enabled || (this.running < this.limit.value && this.queue.size === 0)) return this.place();
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        if (this.queue.remove(turn)) this.waiting.delete(turn);
        reject(signal?.reason);
      };
      const over = (): void => {
        this.waiting.delete(turn);
        signal?.removeEventListener('abort', gone);
      };
      const turn: Turn = {
        asker,
        since: performance.now(),
        take: (place) => {
          over();
          resolve(place);
        },
        refuse: () => {
          over();
          reject(new Overloaded());
        },
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', gone, { once: true });
      this.waiting.add(turn);
      if (!this.queue.add(asker, turn)) this.drop(turn, 'queue');
    });
  }

  /** A place of those that are kept for what has to be possible always; undefined when they are taken. */
  enterReserved(): Admitted | undefined {
    if (this.reserved >= RESERVED) return undefined;
    this.reserved += 1;
    return leaving(() => {
      this.reserved -= 1;
    });
  }

  private place(): Admitted {
    this.running += 1;
    this.limit.note(this.running + this.queue.size);
    const since = performance.now();
    return leaving(() => {
      this.running -= 1;
      this.window.done += 1;
      this.window.took += performance.now() - since;
      this.fill();
    });
  }

  /** Lets in who is next, for as long as there are places. */
  private fill(): void {
    while (this.running < this.limit.value) {
      const next = this.queue.take()?.item;
      if (!next) return;
      if (this.isLate(next)) this.drop(next, 'late');
      else next.take(this.place());
    }
  }

  private judge(now: number): void {
    const { done, took, since } = this.window;
    this.window = { done: 0, took: 0, since: now };
    const spare = this.limit.turn();
    const pace = done / (now - since);
    // A loop with time to spare does what comes, not what it can.
    if (done > 0 && (!spare || pace > this.pace)) this.pace += NEW * (pace - this.pace);
    if (done > 0 && spare) this.usual += NEW * (took / done - this.usual);
    for (const turn of this.waiting) if (this.isLate(turn, now) && this.queue.remove(turn)) this.drop(turn, 'late');
    this.fill();
  }

  /** Each kind has its room, and where both wait, what is done goes to them by turns. */
  private roomOf(asker: Asker): number {
    const others = asker.signedIn ? this.queue.size - this.queue.waitingSignedIn : this.queue.waitingSignedIn;
    const now = performance.now();
    const room = Math.round((this.pace * this.patienceFor(asker, now)) / (others > 0 ? 2 : 1));
    return Math.max(this.overload[shareOf(asker)].lasts(now) ? 1 : CROWD.least, room);
  }

  private patienceFor(asker: Asker, now: number): number {
    if (!this.overload[shareOf(asker)].lasts(now)) return CROWD.patience;
    return Math.min(PATIENCE.most, Math.max(PATIENCE.least, this.usual));
  }

  /** Whoever has waited for twice as long as was foreseen is not worth the work any more: others have waited less. */
  private isLate({ asker, since }: Turn, now = performance.now()): boolean {
    return now - since > 2 * this.patienceFor(asker, now);
  }

  private drop(turn: Turn, reason: 'queue' | 'share' | 'late'): void {
    this.refused(turn.asker, reason);
    turn.refuse();
  }

  private refused(asker: Asker, reason: string): Overloaded {
    const { metrics, logger } = this.options;
    const [share, now] = [shareOf(asker), performance.now()];
    metrics.of(AdmissionMetrics).refused.inc({ share, reason });
    this.overload[share].meet(now);
    this.untold += 1;
    if (now - this.told >= TOLD) {
      logger.warn({ refused: this.untold, limit: this.limit.value }, 'There is more to do than this process can');
      [this.told, this.untold] = [now, 0];
    }
    return new Overloaded();
  }
}

const shareOf = ({ signedIn }: Asker): 'signed_in' | 'anonymous' => (signedIn ? 'signed_in' : 'anonymous');

function leaving(leave: () => void): Admitted {
  let left = false;
  return {
    leave: () => {
      if (left) return;
      left = true;
      leave();
    },
  };
}
