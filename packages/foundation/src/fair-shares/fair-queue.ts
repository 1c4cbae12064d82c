import { WeightedCache } from '../weighted-cache/index.js';
import type { Asker } from './asker.js';

interface Waiting<Item> {
  readonly asker: Asker;
  readonly item: Item;
}

/** For how long it is remembered what somebody has used up, in ms, and what that may weigh, in bytes. */
const REMEMBERED = { lifetime: 60_000, bytes: 4 * 1024 * 1024, weigh: () => 50 };

/** Those of one kind that wait: the turn is that of whoever has used up least, and of those the one whose last turn is longest ago. */
class Line<Item> {
  size = 0;
  private readonly byAsker = new Map<string, Waiting<Item>[]>();
  private readonly used = new WeightedCache<number>(REMEMBERED);

  add(waiting: Waiting<Item>): void {
    const own = this.byAsker.get(waiting.asker.key);
    if (own) own.push(waiting);
    else this.byAsker.set(waiting.asker.key, [waiting]);
    this.size += 1;
  }

  take(): Waiting<Item> | undefined {
    if (this.size === 0) return undefined;
    let [next, least] = ['', Number.POSITIVE_INFINITY];
    for (const key of this.byAsker.keys()) {
      const used = this.used.get(key) ?? 0;
      if (used < least) [next, least] = [key, used];
    }
    const own = this.byAsker.get(next);
    const taken = own?.shift();
    if (!own || !taken) return undefined;
    this.byAsker.delete(next);
    if (own.length > 0) this.byAsker.set(next, own);
    this.size -= 1;
    return taken;
  }

  /** Whether somebody has more than the asker would have with one more. */
  isDisplaceableBy({ key }: Asker): boolean {
    const own = (this.byAsker.get(key)?.length ?? 0) + 1;
    for (const waiting of this.byAsker.values()) if (waiting.length > own) return true;
    return false;
  }

  /** Makes room for one more of the asker by taking the newest of whoever has most; undefined where nobody has more than the asker then would. */
  displace({ key }: Asker): Waiting<Item> | undefined {
    const most = [...this.byAsker.values()].reduce((one, other) => (other.length > one.length ? other : one), []);
    if (most.length <= (this.byAsker.get(key)?.length ?? 0) + 1) return undefined;
    this.size -= 1;
    return most.pop();
  }

  remove(item: Item): boolean {
    for (const [key, own] of this.byAsker) {
      const index = own.findIndex((waiting) => waiting.item === item);
      if (index < 0) continue;
      own.splice(index, 1);
      if (own.length === 0) this.byAsker.delete(key);
      this.size -= 1;
      return true;
    }
    return false;
  }

  charge(key: string, amount: number): void {
    this.used.set(key, (this.used.get(key) ?? 0) + amount);
  }
}

/**
 * What waits for something that is scarce, in fair shares: by turns of callers who signed in and anonymous ones, and among these of whoever has
 * used up least. Each kind has its room; one asker who fills it loses it again to others.
 */
export class FairQueue<Item> {
  private readonly signedIn = new Line<Item>();
  private readonly anonymous = new Line<Item>();
  private signedInNext = true;

  /**
   * @param room for callers who signed in, and as much for anonymous ones; or what it is now for the asker's kind.
   * @param onDropped hears of what has lost its room.
   */
  constructor(
    private readonly room: number | ((asker: Asker) => number),
    private readonly onDropped: (item: Item) => void = () => {},
  ) {}

  get size(): number {
    return this.signedIn.size + this.anonymous.size;
  }

  /** How much of it is of callers who signed in. */
  get waitingSignedIn(): number {
    return this.signedIn.size;
  }

  /** Whether one more of the asker could wait, perhaps in the place of somebody who has more. */
  hasRoomFor(asker: Asker): boolean {
    const line = this.lineOf(asker);
    return line.size < this.roomOf(asker) || line.isDisplaceableBy(asker);
  }

  /** False when there is no room, not even by taking some of somebody who has more. */
  add(asker: Asker, item: Item): boolean {
    const line = this.lineOf(asker);
    if (line.size >= this.roomOf(asker)) {
      const dropped = line.displace(asker);
      if (!dropped) return false;
      this.onDropped(dropped.item);
    }
    line.add({ asker, item });
    return true;
  }

  /** Whose turn it is. @param signedInOnly nobody else's. */
  take({ signedInOnly = false } = {}): Waiting<Item> | undefined {
    const first = this.signedInNext || signedInOnly ? this.signedIn : this.anonymous;
    const second = first === this.signedIn ? this.anonymous : this.signedIn;
    const taken = first.take() ?? (signedInOnly ? undefined : second.take());
    if (taken) this.signedInNext = !taken.asker.signedIn;
    return taken;
  }

  remove(item: Item): boolean {
    return this.signedIn.remove(item) || this.anonymous.remove(item);
  }

  /** What the asker has used up, in any unit: whoever has used up less goes first. It is forgotten after a minute without any more. */
  charge(asker: Asker, amount: number): void {
    this.lineOf(asker).charge(asker.key, amount);
  }

  /** Everything that waits, which then waits no more. */
  drain(): Item[] {
    const left: Item[] = [];
    for (let taken = this.take(); taken; taken = this.take()) left.push(taken.item);
    return left;
  }

  private roomOf(asker: Asker): number {
    return typeof this.room === 'number' ? this.room : this.room(asker);
  }

  private lineOf({ signedIn }: Asker): Line<Item> {
    return signedIn ? this.signedIn : this.anonymous;
  }
}
