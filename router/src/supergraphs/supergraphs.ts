import { setImmediate as nextTurn } from 'node:timers/promises';
import { CompositionFailed, type Engine, loadSupergraph } from '@platform/federation-engine';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { EngineLease, type OpenEngine } from './engine-lease.js';
import type { HotOperation } from './frequent-operations.js';

/** What became of an SDL that was offered. */
export type Offer = 'serving' | 'unchanged' | 'refused';

/** Hears of every swap after it has happened: what lives longer than one operation moves to the new engine. */
export type SwapObserver = (before: Engine, now: Engine) => void;

interface SupergraphsOptions {
  readonly open: OpenEngine;
  readonly logger: Logger;
  /** How many of the busiest operations are planned before a new supergraph serves. */
  readonly warm: number;
  /** What else is done with an engine before it takes over. */
  readonly prepare?: (engine: Engine) => Promise<void>;
}

/** The supergraph that is served, and how another takes its place without a lost request: read, checked and warmed in full before the swap. */
export class Supergraphs implements LifecycleComponent {
  readonly name = 'supergraph';
  private serving: EngineLease;
  private readonly servings = new WeakMap<Engine, EngineLease>();
  private readonly observers = new Set<SwapObserver>();
  private offers: Promise<unknown> = Promise.resolve();
  private refused: string | undefined;

  /** @throws CompositionFailed when the first supergraph cannot be used. */
  constructor(
    sdl: string,
    private readonly options: SupergraphsOptions,
  ) {
    this.serving = this.open(sdl);
  }

  /** The engine that new operations run on. */
  get engine(): Engine {
    return this.serving.engine;
  }

  /** Runs one operation from its beginning to its end on the engine that serves now. */
  use<T>(work: (serving: EngineLease) => Promise<T>): Promise<T> {
    const { serving } = this;
    return serving.use(() => work(serving));
  }

  /** Keeps an engine that an operation runs on open beyond that operation, until the answered function is called. */
  hold(engine: Engine): () => void {
    const serving = this.servings.get(engine);
    if (!serving) throw new Error('Only an engine that has served can be held');
    return serving.hold();
  }

  /** Serves the SDL from now on, if it can be used; offers are dealt with one after another. Never rejects. */
  offer(sdl: string): Promise<Offer> {
    const outcome = this.offers.then(() => this.replace(sdl));
    this.offers = outcome;
    return outcome;
  }

  /** No SDL could be read: told like one that is refused. */
  refuse(reason: string): void {
    if (reason === this.refused) return;
    this.refused = reason;
    this.options.logger.error({ reason }, 'supergraph rejected; keeping the previous one');
  }

  onSwap(observer: SwapObserver): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  /** Fails, softly, while the newest supergraph is not the one that is served. */
  healthCheck(): HealthCheck {
    return {
      name: 'supergraph',
      severity: 'soft',
      check: async () => {
        if (this.refused !== undefined) throw new Error(`The newest supergraph is refused: ${this.refused}`);
      },
    };
  }

  async stop(): Promise<void> {
    await this.offers;
    this.serving.retire();
  }

  private open(sdl: string): EngineLease {
    const serving = new EngineLease(loadSupergraph(sdl), this.options.open);
    this.servings.set(serving.engine, serving);
    return serving;
  }

  private async replace(sdl: string): Promise<Offer> {
    const before = this.serving;
    if (sdl === before.engine.supergraph.sdl) {
      this.refused = undefined;
      return 'unchanged';
    }
    try {
      const next = this.open(sdl);
      await this.options.prepare?.(next.engine);
      const warmed = await this.warm(next, before.hot.top(this.options.warm));
      this.serving = next;
      this.refused = undefined;
      this.options.logger.info({ subgraphs: next.engine.supergraph.subgraphs.size, warmed }, 'supergraph loaded');
      for (const observer of this.observers) observer(before.engine, next.engine);
      before.retire();
      return 'serving';
    } catch (error) {
      this.refuse(error instanceof CompositionFailed ? error.message : String(error));
      return 'refused';
    }
  }

  /** Plans one operation per turn of the event loop, so that requests are answered in between. Answers how many still exist. */
  private async warm({ engine, hot }: EngineLease, operations: readonly HotOperation[]): Promise<number> {
    let warmed = 0;
    for (const operation of operations) {
      await nextTurn();
      const prepared = await engine.warm(operation);
      if (!prepared) continue;
      hot.inherit(prepared.authorized, operation);
      warmed += 1;
    }
    return warmed;
  }
}
