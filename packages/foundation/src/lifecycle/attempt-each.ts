/** Does the work for each item, one after the other: one that fails keeps no other back. @throws AggregateError once all were tried, of what failed */
export async function attemptEach<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed: ${failures[0]}`);
}
