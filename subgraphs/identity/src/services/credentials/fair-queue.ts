/** Where something stands in the queue: each group gets its turn after the others, and those who are known come first. */
export interface Place {
  readonly group: string;
  readonly known: boolean;
}

/** A bounded queue in which no group takes the places or the turns of others. */
export class FairQueue<Item> {
  private readonly known: Groups<Item> = new Map();
  private readonly strangers: Groups<Item> = new Map();
  private size = 0;

  constructor(private readonly limit: number) {}

  /** Answers who finds no place: nobody, the last of the group that holds most places, or the newcomer. */
  add(item: Item, { group, known }: Place): Item | undefined {
    const own = known ? this.known : this.strangers;
    if (this.size < this.limit) {
      append(own, group, item);
      this.size += 1;
      return undefined;
    }
    const from = known && this.strangers.size > 0 ? this.strangers : own;
    const longest = longestOf(from);
    if (!longest || (from === own && longest.items.length <= (own.get(group)?.length ?? 0) + 1)) return item;
    append(own, group, item);
    return takeFrom(from, longest.group, 'last');
  }

  /** The next one; undefined when nobody waits. */
  take(): Item | undefined {
    const from = this.known.size > 0 ? this.known : this.strangers;
    const [group] = from.keys();
    if (group === undefined) return undefined;
    this.size -= 1;
    return takeFrom(from, group, 'first');
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
