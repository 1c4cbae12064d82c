/** Where answers are kept: texts by key. What it cannot do in its time it leaves undone. */
export interface ResponseCacheStore {
  /** A text, or null, for each key; undefined when it cannot be asked now. Never rejects. */
  read(keys: readonly string[]): Promise<readonly (string | null)[] | undefined>;
  /** Each with the time that it is worth keeping, in ms. Never rejects. */
  write(entries: readonly StoredText[]): Promise<void>;
  /** Puts the text under each key that has none; answers where it now stands. Never rejects. */
  claim(keys: readonly string[], text: string, ttl: number): Promise<readonly boolean[]>;
  /** Puts the text under each key. Rejects when that could not be done; it is then done before anything is read again. */
  replace(keys: readonly string[], text: string, ttl: number): Promise<void>;
}

export interface StoredText {
  readonly key: string;
  readonly text: string;
  readonly ttl: number;
}
