/** What reading the sample takes on the machine that limits are written for, in ms. */
const EXPECTED = 5;
const ATTEMPTS = 5;

const sample = (): string =>
  JSON.stringify(
    Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, ['a'.repeat(index % 50), index]])),
  );

/** How many times slower than expected this thread is now, at least 1: limits in ms of its work are multiplied by it. */
export function slowness(): number {
  const text = sample();
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = process.threadCpuUsage();
    JSON.parse(text);
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return Math.max(1, least / EXPECTED);
}
