/** Where something stands in the queue: each group gets its turn after the others, and those who are known come first, three times of four. */
export interface Place {
  readonly group: string;
  readonly known: boolean;
}

/** Of so many turns, and of so many places, strangers have one while those who are known take all that they can. */
const STRANGERS_SHARE = 4;

/** A bounded queue in which no group takes the places or the turns of others, and nobody waits for ever. */
export class FairQueue<Item> {
  private readonly known: Groups<Item> = new Map();
  private readonly strangers: Groups<Item> = new Map();
  private size = 0;
  private strangersSize = 0;
  /** Turns of those who are known since the last one of a stranger. */
  private knownTurns = 0;

  constructor(private readonly limit: number) {}

  /** Answers who finds no place: nobody, the last of the group that holds most places, or the newcomer. */
  add(item: Item, { group, known }: Place): Item | undefined {
    const own = known ? this.known : this.strangers;
    if (this.size < this.limit) {
      this.append(own, group, item);
      return undefined;
    }
    const guaranteed = Math.floor(this.limit / STRANGERS_SHARE);
    const spare = known ? this.strangersSize > guaranteed : this.strangersSize < guaranteed;
    const from = spare ? (known ? this.strangers : this.known) : own;
    const longest = longestOf(from);
    if (!longest || (from === own && longest.items.length <= (own.get(group)?.length ?? 0) + 1)) return item;
    this.append(own, group, item);
    return this.takeFrom(from, longest.group, 'last');
  }

  /** The next one; undefined when nobody waits. */
  take(): Item | undefined {
    const strangersTurn = this.known.size === 0 || (this.knownTurns >= STRANGERS_SHARE - 1 && this.strangers.size > 0);
    const from = strangersTurn ? this.strangers : this.known;
    this.knownTurns = strangersTurn ? 0 : this.knownTurns + 1;
    const [group] = from.keys();
    return group === undefined ? undefined : this.takeFrom(from, group, 'first');
  }

  private append(groups: Groups<Item>, group: string, item: Item): void {
    append(groups, group, item);
    this.count(groups, 1);
  }

  private takeFrom(groups: Groups<Item>, group: string, which: 'first' | 'last'): Item | undefined {
    this.count(groups, -1);
    return takeFrom(groups, group, which);
  }

  private count(groups: Groups<Item>, change: number): void {
    this.size += change;
    if (groups === this.strangers) this.strangersSize += change;
  }
}

/** In the order of their turns. */
type Groups<Item> = Map<string, Item[]>;

function append<Item>(groups: Groups<Item>, group: string, item: Item): void {
  const items = groups.get(group);
  if (items) items.push(item);
  else groups.set(group, [item]);
}

/** The group of which the first was taken has its next turn after the others. */
function takeFrom<Item>(groups: Groups<Item>, group: string, which: 'first' | 'last'): Item | undefined {
  const items = groups.get(group) ?? [];
  const item = which === 'first' ? items.shift() : items.pop();
  if (items.length === 0 || which === 'first') groups.delete(group);
  if (items.length > 0 && which === 'first') groups.set(group, items);
  return item;
}

function longestOf<Item>(groups: Groups<Item>): { group: string; items: Item[] } | undefined {
  let longest: { group: string; items: Item[] } | undefined;
  for (const [group, items] of groups) if (items.length > (longest?.items.length ?? 0)) longest = { group, items };
  return longest;
}
