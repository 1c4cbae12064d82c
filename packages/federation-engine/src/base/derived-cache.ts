import { WeightedCache } from '@platform/foundation/weighted-cache';

/** Something that was computed, and what it takes in memory, in bytes. */
export interface WeightedValue<T extends object> {
  readonly value: T;
  readonly weight: number;
}

/** What a selected field takes in a selection tree with all that is looked up for it, in bytes. */
const PER_SELECTION = 400;
/** What a selected field takes in a shape with its serializer and its place in a plan, in bytes. */
const PER_PLANNED_FIELD = 1_200;
/** What a character of a request to a subgraph takes in a plan, with the combinations of requests that it keeps, in bytes. */
const PER_PLANNED_CHARACTER = 10;

/** What an operation with so many selections takes, fragments expanded, besides its document. */
export const weightOfOperation = (selections: number): number => 4_000 + selections * PER_SELECTION;

/** What one plan with its shape takes. @param characters of the requests to subgraphs. */
export const weightOfVariant = (selections: number, characters: number): number =>
  8_000 + selections * PER_PLANNED_FIELD + characters * PER_PLANNED_CHARACTER;

/** What is derived from documents: operations, what rights leave of them, plans and shapes. All of it is bounded together, by weight. */
export class DerivedCache {
  private readonly entries: WeightedCache<WeightedValue<object>>;
  private readonly underWay = new Map<string, Promise<object>>();
  private owners = 0;

  /** @param bytes what is kept may weigh. */
  constructor(bytes: number) {
    this.entries = new WeightedCache({ bytes, weigh: ({ weight }) => weight });
  }

  /** A name for keys of one owner, which nobody else has. */
  newOwner(): string {
    this.owners += 1;
    return `${this.owners}`;
  }

  get<T extends object>(key: string): T | undefined {
    return this.entries.get(key)?.value as T | undefined;
  }

  /** The kept value of the key, or a new one. Equal keys are of equal types. */
  remember<T extends object>(key: string, make: () => WeightedValue<T>): T {
    const kept = this.entries.get(key);
    if (kept) return kept.value as T;
    const made = make();
    this.entries.set(key, made);
    return made.value;
  }

  /** The same for what takes time: all who want it meanwhile get what the first of them makes. What rejects is not kept. */
  async rememberLater<T extends object>(key: string, make: () => Promise<WeightedValue<T>>): Promise<T> {
    const known = this.get<T>(key) ?? this.underWay.get(key);
    if (known) return known as T | Promise<T>;
    const making = make()
      .then((made) => {
        this.entries.set(key, made);
        return made.value;
      })
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, making);
    return making;
  }
}
