import type { ErrorReport } from './error-report.js';

/** The fetches of one deferred part. */
export interface FragmentFetches {
  readonly reports: readonly ErrorReport[];
  /** Rejects only with OperationAborted. */
  readonly done: Promise<unknown>;
  running: boolean;
}

/** What deferred parts wait for, and which of them have what they need. */
export class DeferredFragments {
  private readonly parts = new Map<string, FragmentFetches>();
  private readonly arrivals = new Map<string, { missing: number; readonly all: PromiseWithResolvers<void> }>();

  /** @param awaited how many requests bring what parts wait for, by the id of the fetch. */
  constructor(awaited: ReadonlyMap<string, number>) {
    for (const [id, missing] of awaited) this.arrivals.set(id, { missing, all: Promise.withResolvers() });
  }

  /** One of the requests is answered that parts wait for. */
  arrived(id: string): void {
    const arrival = this.arrivals.get(id);
    if (arrival && --arrival.missing === 0) arrival.all.resolve();
  }

  /** Resolves when all of the fetches are answered. */
  async after(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.arrivals.get(id)?.all.promise));
  }

  /** One part may be fetched in several pieces. */
  begin(id: string, report: ErrorReport, done: Promise<void>): void {
    const known = this.parts.get(id);
    const part = {
      reports: [...(known?.reports ?? []), report],
      done: Promise.all([known?.done, done]),
      running: true,
    };
    this.parts.set(id, part);
    part.done.then(
      () => {
        part.running = false;
      },
      () => {},
    );
  }

  /** Undefined for a part that nothing is fetched for. */
  get(id: string): FragmentFetches | undefined {
    return this.parts.get(id);
  }

  /** Those that have what they need, as soon as there are any. Rejects with OperationAborted. */
  async ready<Part extends { readonly id: string }>(waiting: readonly Part[]): Promise<Part[]> {
    await Promise.race(waiting.map(({ id }) => this.parts.get(id)?.done));
    return waiting.filter(({ id }) => this.isReady(id));
  }

  isReady(id: string): boolean {
    return !this.parts.get(id)?.running;
  }
}
