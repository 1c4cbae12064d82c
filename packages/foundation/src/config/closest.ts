/** The candidate nearest to a mistyped key, or undefined when none is near enough to be what was meant. */
export function closest(key: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(key.length / 4)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(key, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein: https://en.wikipedia.org/wiki/Levenshtein_distance, two rows at a time. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const substitution = at(previous, column) + (letter === other ? 0 : 1);
      current.push(Math.min(at(previous, column + 1) + 1, at(current, column) + 1, substitution));
    }
    previous = current;
  }
  return at(previous, to.length);
}

const at = (row: number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
