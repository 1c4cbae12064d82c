/** Longer values are 'other'. */
const LONGEST = 100;
/** A value is one that clients use once it has come so often. */
const OFTEN = 5;

/**
 * Keeps a label's values few, whatever clients send: at most `limit` distinct ones are themselves, others 'other'. Half of the places are for
 * values that have come several times, so that names which are made up once each do not take them from those that are used.
 * Each returned function remembers its own values.
 */
export function boundedLabel(limit: number): (value: string) => string {
  const shown = new Set<string>();
  const first = Math.ceil(limit / 2);
  let counted = new Map<string, number>();
  return (value) => {
    if (shown.has(value)) return value;
    if (value.length > LONGEST || shown.size >= limit) return 'other';
    if (shown.size >= first) {
      const times = (counted.get(value) ?? 0) + 1;
      if (counted.size >= 10 * limit) counted = new Map();
      counted.set(value, times);
      if (times < OFTEN) return 'other';
      counted.delete(value);
    }
    shown.add(value);
    return value;
  };
}
