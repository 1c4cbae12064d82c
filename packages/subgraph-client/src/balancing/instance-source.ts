/** Tells the base URLs (`http://10.0.0.1:4001`) of a subgraph's instances whenever they change; never an empty list, never twice the same. */
export interface InstanceSource {
  start(tell: (origins: readonly string[]) => void): void;
  stop(): void;
}

/** The instances that are listed, and no others. */
export const listedInstances = (urls: readonly string[]): InstanceSource => ({
  start: (tell) => tell(urls.map((url) => new URL(url).origin)),
  stop: () => {},
});

/** Hands on only what is news: the last known instances stand while a registry answers with none. */
export function onlyNews(tell: (origins: readonly string[]) => void): (origins: readonly string[]) => void {
  let last = '';
  return (origins) => {
    const sorted = [...new Set(origins)].sort();
    const key = sorted.join(' ');
    if (sorted.length === 0 || key === last) return;
    last = key;
    tell(sorted);
  };
}
