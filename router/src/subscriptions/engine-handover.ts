import type { Engine, PreparedOperation } from '@platform/federation-engine';
import { prepare, type SubscriptionPrincipal, type SubscriptionRequest } from './subscription-request.js';

/** What the events of a stream are completed for. */
interface Service {
  readonly subscribed: SubscriptionRequest;
  readonly holder: SubscriptionPrincipal;
  readonly prepared: Promise<PreparedOperation>;
  /** Lets the engine go. */
  readonly release: () => void;
}

interface SuccessionHooks {
  /** Keeps an engine open until the answered function is called. */
  readonly hold: (engine: Engine) => () => void;
  /** Another has taken over. */
  readonly onTakenOver: (subscribed: SubscriptionRequest, holder: SubscriptionPrincipal) => void;
}

/** What a stream is for, now and next: between two events the next takes the place of the present, so that none is missed and none comes twice. */
export class EngineHandover {
  private present: Service;
  private next: Service | undefined;
  /** An event is being completed. */
  private busy = false;

  constructor(
    private readonly hooks: SuccessionHooks,
    subscribed: SubscriptionRequest,
    holder: SubscriptionPrincipal,
  ) {
    this.present = this.serving(subscribed, holder);
  }

  get current(): Omit<Service, 'release'> {
    return this.present;
  }

  /** Takes over at once, or when the event in hand is completed. */
  adopt(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): void {
    this.next?.release();
    this.next = this.serving(subscribed, holder);
    if (!this.busy) this.takeOver();
  }

  /** Completes an event: until that is done, nobody takes over. */
  async completing<T>(complete: () => Promise<T>): Promise<T> {
    this.busy = true;
    const completed = await complete();
    this.busy = false;
    this.takeOver();
    return completed;
  }

  release(): void {
    this.present.release();
    this.next?.release();
    this.next = undefined;
  }

  private takeOver(): void {
    const { next } = this;
    if (!next) return;
    this.next = undefined;
    this.present.release();
    this.present = next;
    this.hooks.onTakenOver(next.subscribed, next.holder);
  }

  private serving(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): Service {
    const prepared = prepare(subscribed, holder.rights);
    prepared.catch(() => {}); // whoever needs it hears of it
    return { subscribed, holder, prepared, release: this.hooks.hold(subscribed.engine) };
  }
}
