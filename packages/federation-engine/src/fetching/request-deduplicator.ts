import { OperationAborted } from '../base/errors.js';

/** A result, and whether others got the very same one: it must then not be changed. */
export interface SharedResult<T> {
  readonly value: T;
  readonly shared: boolean;
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  /** Everyone who has joined. */
  joined: number;
  /** Those who still wait. */
  waiting: number;
}

/**
 * Work that several want at the same time is done once. It goes on while anyone waits for it: one who leaves takes
 * nothing from the others, the last one ends it.
 */
export class RequestDeduplicator<T> {
  private readonly flights = new Map<string, Flight<T>>();

  /** Joins what is under way for the key, or starts it. Rejects as the work does, or with OperationAborted. */
  run(
    key: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<SharedResult<T>> {
    if (signal?.aborted) return Promise.reject(new OperationAborted(signal.reason));
    const flight = this.flights.get(key) ?? this.start(key, work);
    flight.joined++;
    flight.waiting++;
    return this.join(key, flight, signal);
  }

  /** Nobody joins what is under way now: what is asked from here on sees what has just been written. */
  reset(): void {
    this.flights.clear();
  }

  private start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const result = work(controller.signal);
    const flight: Flight<T> = { result, controller, joined: 0, waiting: 0 };
    this.flights.set(key, flight);
    const settled = () => this.remove(key, flight);
    result.then(settled, settled);
    return flight;
  }

  private join(key: string, flight: Flight<T>, signal: AbortSignal | undefined): Promise<SharedResult<T>> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--flight.waiting === 0) {
          this.remove(key, flight);
          flight.controller.abort(signal?.reason);
        }
        reject(new OperationAborted(signal?.reason));
      };
      // What starts the work may also have ended it for its caller.
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave);
      const settled = () => signal?.removeEventListener('abort', leave);
      flight.result.then(
        (value) => {
          settled();
          resolve({ value, shared: flight.joined > 1 });
        },
        (error: unknown) => {
          settled();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  private remove(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}
