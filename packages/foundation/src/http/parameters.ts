/** The parameters that are known and given once each, as the query of a request that is passed on; empty where there is none. */
export function knownQuery(given: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  const known = new URLSearchParams();
  for (const name of names) {
    const value = given[name];
    if (typeof value === 'string') known.append(name, value);
  }
  return known.size === 0 ? '' : `?${known}`;
}

/** The parameters of a request's target. */
export function parametersOf(target: string): URLSearchParams {
  const query = target.indexOf('?');
  return new URLSearchParams(query === -1 ? '' : target.slice(query + 1));
}
