/**
 * Keeps a label's values few, whatever clients send: the first `limit` distinct ones are themselves, later ones 'other'.
 * Each returned function remembers its own values.
 */
export function boundedLabel(limit: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.size < limit) seen.add(value);
    return seen.has(value) ? value : 'other';
  };
}
