import type { Engine, Supergraph } from '@platform/federation-engine';
import { FrequentOperations } from './frequent-operations.js';

/** An engine, and what has to be given back once it has answered its last operation. */
export interface OpenedEngine {
  readonly engine: Engine;
  close?(): void;
}

/** Makes the engine of a supergraph that is about to serve. */
export type OpenEngine = (supergraph: Supergraph) => OpenedEngine;

/** An engine in service. Once replaced it lives until the last operation that runs on it has been answered. */
export class EngineLease {
  readonly hot = new FrequentOperations();
  private readonly opened: OpenedEngine;
  private running = 0;
  private retired = false;

  constructor(supergraph: Supergraph, open: OpenEngine) {
    this.opened = open(supergraph);
  }

  get engine(): Engine {
    return this.opened.engine;
  }

  /** Runs `work` on this engine, which stays open for as long. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Keeps this engine open until the answered function is called, which is done once. */
  hold(): () => void {
    this.running += 1;
    return () => {
      this.running -= 1;
      if (this.retired) this.closeWhenIdle();
    };
  }

  /** No new operations come: closes now, or with the last one that still runs. */
  retire(): void {
    this.retired = true;
    this.closeWhenIdle();
  }

  private closeWhenIdle(): void {
    if (this.running > 0) return;
    this.opened.engine.close();
    this.opened.close?.();
  }
}
