import { ServiceBusy } from '../errors/index.js';
import { type Asker, FairQueue } from '../fair-shares/index.js';
import type { Logger } from '../logging/index.js';
import type { Metrics } from '../metrics/index.js';
import { AdaptiveLimit } from './adaptive-limit.js';
import { AdmissionMetrics } from './admission-metrics.js';
import { LoopShare } from './loop-share.js';
import { Overload } from './overload.js';
import { ReservedPlaces } from './reserved-places.js';

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
/** Beside those who signed in, or did so a moment ago (in ms), anonymous operations have this share of the places. */
const BESIDE = { share: 1 / 16, moment: 1_000 };
/** For how long an anonymous operation is made up for at the most, in ms. */
const MOST_PAUSED = 100;
/** How often the log tells that operations are refused, in ms. */
const TOLD = 10_000;
/** So many times as long as usual is too long. */
const SLOW = 1.5;
/** How much of an average one more window changes. */
const NEW = 0.2;

type Share = 'signed_in' | 'anonymous';

/**
 * Who may begin now, who waits, and who is refused before anything is done for them. As many run at a time as keep the event loop busy; others wait,
 * in fair shares of those who signed in and of anonymous networks; whoever would wait for too long is refused at once. Beside somebody who signed in,
 * anonymous operations have a sixteenth of the places, and begin again when they have been made up for.
 */
export class Admission {
  private readonly running: Record<Share, number> = { signed_in: 0, anonymous: 0 };
  private readonly reserved = new ReservedPlaces();
  private readonly loop = new LoopShare(() => this.fill());
  private lastSignedIn = Number.NEGATIVE_INFINITY;
  /** Before that moment no anonymous operation begins beside one of somebody who signed in. */
  private pausedUntil = Number.NEGATIVE_INFINITY;
  private resuming: NodeJS.Timeout | undefined;
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
      running: this.all + this.reserved.taken,
      signedIn: this.queue.waitingSignedIn,
      anonymous: this.queue.size - this.queue.waitingSignedIn,
    }));
  }

  stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.resuming);
  }

  /** What is thrown at somebody who would be refused now; asked before anything of a request is read. Undefined for whoever may come in. */
  refusal(asker: Asker): Overloaded | undefined {
    if (this.mayBegin(shareOf(asker)) || this.queue.hasRoomFor(asker)) return undefined;
    return this.refused(asker, 'door');
  }

  /** Answers a place, at once or when it is one's turn. @throws Overloaded; the signal's reason. */
  enter(asker: Asker, signal?: AbortSignal): Admitted | Promise<Admitted> {
    return this.enterAtOnce(asker) ?? this.enterInTurn(asker, signal);
  }

  /** A place for whoever need not wait; undefined when there is none. */
  enterAtOnce(asker: Asker): Admitted | undefined {
    const share = shareOf(asker);
    const isFree = !this.options.enabled || (this.queue.size === 0 && this.mayBegin(share));
    return isFree ? this.place(share) : undefined;
  }

  /** A place of those that are kept for what has to be possible always; undefined when they are taken, or the asker has enough of them. */
  enterReserved({ key }: Asker): Admitted | undefined {
    return this.reserved.take(key) ? leaving(() => this.reserved.leave(key)) : undefined;
  }

  private enterInTurn(asker: Asker, signal: AbortSignal | undefined): Promise<Admitted> {
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
      // Others may wait for something that this one need not wait for.
      else this.fill();
    });
  }

  private get all(): number {
    return this.running.signed_in + this.running.anonymous;
  }

  private mayBegin(share: Share): boolean {
    const limit = this.limit.value;
    if (this.all >= limit || this.loop.isUsedUp) return false;
    const now = performance.now();
    if (share === 'signed_in' || !this.limit.isLowered || !this.isSignedInPresent(now)) return true;
    const isPaused = this.running.signed_in > 0 && now < this.pausedUntil;
    return !isPaused && this.running.anonymous < Math.ceil(limit * BESIDE.share);
  }

  private isSignedInPresent(now: number): boolean {
    return this.running.signed_in > 0 || now - this.lastSignedIn < BESIDE.moment;
  }

  private place(share: Share): Admitted {
    this.running[share] += 1;
    this.loop.begin();
    this.limit.note(this.all + this.queue.size);
    const since = performance.now();
    return leaving(() => {
      const now = performance.now();
      this.running[share] -= 1;
      this.window.done += 1;
      this.window.took += now - since;
      if (share === 'signed_in') this.lastSignedIn = now;
      else if (this.limit.isLowered && this.running.signed_in > 0) this.pause(now, now - since);
      this.fill();
    });
  }

  /** Leaves the loop to those who signed in for as long as an anonymous operation had it. */
  private pause(now: number, took: number): void {
    const ms = Math.min(took, MOST_PAUSED);
    this.pausedUntil = now + ms;
    clearTimeout(this.resuming);
    this.resuming = setTimeout(() => this.fill(), ms).unref();
  }

  /** Lets in who is next, for as long as there are places. */
  private fill(): void {
    while (this.queue.size > 0 && this.mayBegin('signed_in')) {
      const next = this.queue.take({ signedInOnly: !this.mayBegin('anonymous') });
      if (!next) return;
      const { item, asker } = next;
      if (this.isLate(item)) this.drop(item, 'late');
      else item.take(this.place(shareOf(asker)));
    }
  }

  private judge(now: number): void {
    const { done, took, since } = this.window;
    this.window = { done: 0, took: 0, since: now };
    const spare = this.limit.turn({
      running: this.all + this.queue.size,
      isHeldBack: this.queue.size > 0 && this.all < this.limit.value,
      areSlow: done === 0 || took / done > SLOW * this.usual,
    });
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
      logger.warn({ rejected: this.untold, limit: this.limit.value }, 'process overloaded; rejecting operations');
      [this.told, this.untold] = [now, 0];
    }
    return new Overloaded();
  }
}

const shareOf = ({ signedIn }: Asker): Share => (signedIn ? 'signed_in' : 'anonymous');

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
