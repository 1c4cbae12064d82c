/** Calls of one key that come while its work is under way share the result. */
export class Coalescer<T> {
  private readonly running = new Map<string, Promise<T>>();

  /** The result of the work that is under way for the key, which is started where there is none. */
  run(key: string, work: () => Promise<T>): Promise<T> {
    let running = this.running.get(key);
    if (!running) {
      running = work().finally(() => this.running.delete(key));
      this.running.set(key, running);
    }
    return running;
  }
}
