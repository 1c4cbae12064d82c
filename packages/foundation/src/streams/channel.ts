type Reader<T> = (result: IteratorResult<T, undefined>) => void;

/** A bounded queue between one writer and one reader. Closing it, from either side, takes effect at once, also while the other side waits. */
export class Channel<T> implements AsyncIterableIterator<T, undefined> {
  private waiting: T[] = [];
  private weight = 0;
  private readers: { resolve: Reader<T>; reject: (error: unknown) => void }[] = [];
  private roomWanted: (() => void)[] = [];
  private failure: { readonly error: unknown } | undefined;
  private ended = false;

  /** @param onClose called once, when the reader has left or the writer has ended it. */
  constructor(
    private readonly capacity: number,
    private readonly onClose: () => void = () => {},
    /** What the values that wait may weigh besides the first, and what one weighs. */
    private readonly bounds: { readonly bytes: number; readonly weigh: (value: T) => number } | undefined = undefined,
  ) {}

  /** False when the value was not taken: the channel is full, or has ended. */
  push(value: T): boolean {
    if (this.ended) return false;
    const reader = this.readers.shift();
    if (reader) reader.resolve({ value, done: false });
    else if (this.waiting.length >= this.capacity || !this.hasRoomFor(value)) return false;
    else this.waiting.push(value);
    return true;
  }

  private hasRoomFor(value: T): boolean {
    if (!this.bounds) return true;
    const { bytes, weigh } = this.bounds;
    const weight = weigh(value);
    if (this.waiting.length > 0 && this.weight + weight > bytes) return false;
    this.weight += weight;
    return true;
  }

  private taken(values: readonly T[]): void {
    if (!this.bounds) return;
    if (this.waiting.length === 0) this.weight = 0;
    else for (const value of values) this.weight -= this.bounds.weigh(value);
  }

  /** Takes the value as soon as there is room for it; forgets it once the channel has ended. */
  async write(value: T): Promise<void> {
    while (!this.ended && !this.push(value)) await new Promise<void>((resolve) => this.roomWanted.push(resolve));
  }

  /** Lets the reader finish what waits, and then `last`. */
  end(...last: T[]): void {
    if (this.ended) return;
    for (const value of last) if (!this.push(value)) this.waiting.push(value);
    this.close();
  }

  /** Drops what waits and lets the reader fail. */
  fail(error: unknown): void {
    if (this.ended) return;
    this.waiting = [];
    this.weight = 0;
    this.failure = { error };
    this.close();
  }

  /** Drops what waits. */
  clear(): void {
    this.waiting = [];
    this.weight = 0;
  }

  get closed(): boolean {
    return this.ended;
  }

  /** True once nothing will be read any more. */
  get drained(): boolean {
    return this.ended && this.waiting.length === 0;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.waiting.length > 0) {
      const value = this.waiting.shift() as T;
      this.taken([value]);
      for (const go of this.roomWanted.splice(0)) go();
      return Promise.resolve({ value, done: false });
    }
    if (this.failure) {
      const { error } = this.failure;
      this.failure = undefined;
      return Promise.reject(error);
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.readers.push({ resolve, reject }));
  }

  /** The same values, as many at a time as wait: for a reader to whom many cost hardly more than one. */
  inBatches(): AsyncIterator<readonly T[], undefined> {
    return {
      next: async () => {
        const { value, done } = await this.next();
        if (done) return { value: undefined, done: true };
        const batch = [value, ...this.waiting.splice(0)];
        this.taken([]);
        for (const go of this.roomWanted.splice(0)) go();
        return { value: batch, done: false };
      },
      return: async () => {
        await this.return();
        return { value: undefined, done: true };
      },
    };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.waiting = [];
    this.weight = 0;
    this.failure = undefined;
    this.close();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private close(): void {
    if (this.ended) return;
    this.ended = true;
    const [first, ...others] = this.readers.splice(0);
    if (first && this.failure) {
      first.reject(this.failure.error);
      this.failure = undefined;
    } else first?.resolve({ value: undefined, done: true });
    for (const reader of others) reader.resolve({ value: undefined, done: true });
    for (const go of this.roomWanted.splice(0)) go();
    this.onClose();
  }
}
