/** Longer values are 'other'. */
const LONGEST = 100;
/** A value is one that clients use once it has come so often. */
const OFTEN = 5;
/** What takes the place of a value has come so many times as often. */
const HEAVIER = 2;
/** After so many values for each place, what has come before counts half. */
const AGED = 50;

/**
 * Keeps a label's values few, whatever clients send: at most `limit` distinct ones are themselves, others 'other'. Half of the places are for
 * values that have come several times. Once all are taken, a value that comes much more often takes the place of the one that comes least:
 * made-up names do not keep out those that are used. Each returned function counts its own values.
 * @param evicted told of a value that has lost its place.
 */
export function boundedLabel(limit: number, evicted: (value: string) => void = () => {}): (value: string) => string {
  const first = Math.ceil(limit / 2);
  let shown = new Map<string, number>();
  let candidates = new Map<string, number>();
  let seen = 0;

  const rises = (times: number): boolean => {
    if (shown.size < first) return true;
    if (times < OFTEN) return false;
    if (shown.size < limit) return true;
    const [least, uses] = leastOf(shown);
    if (times < HEAVIER * uses) return false;
    shown.delete(least);
    evicted(least);
    return true;
  };

  return (value) => {
    if (++seen % (AGED * limit) === 0) {
      shown = new Map([...shown].map(([each, uses]) => [each, Math.ceil(uses / 2)]));
      candidates = lowered(candidates, (times) => Math.floor(times / 2));
    }
    const uses = shown.get(value);
    if (uses !== undefined) {
      shown.set(value, uses + 1);
      return value;
    }
    if (value.length > LONGEST) return 'other';
    const times = (candidates.get(value) ?? 0) + 1;
    if (rises(times)) {
      candidates.delete(value);
      shown.set(value, times);
      return value;
    }
    // What comes more often than the others outlasts them (Misra and Gries).
    if (candidates.size >= 10 * limit && times === 1) candidates = lowered(candidates, (count) => count - 1);
    else candidates.set(value, times);
    return 'other';
  };
}

const lowered = (counts: ReadonlyMap<string, number>, lower: (count: number) => number): Map<string, number> =>
  new Map([...counts].map(([value, count]) => [value, lower(count)] as const).filter(([, count]) => count > 0));

const leastOf = (counts: ReadonlyMap<string, number>): [value: string, count: number] =>
  [...counts].reduce((least, each) => (each[1] < least[1] ? each : least));
