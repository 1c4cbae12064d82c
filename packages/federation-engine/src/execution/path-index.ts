type Path = readonly (string | number)[];

/** Values by the paths they belong to: what stands at, above or below a path is found without a look at the others. */
export class PathIndex<T> {
  private readonly children = new Map<string | number, PathIndex<T>>();
  private readonly own: { readonly value: T; readonly number: number }[] = [];
  private added = 0;

  add(path: Path, value: T): void {
    let node: PathIndex<T> = this;
    for (const key of path) {
      const child: PathIndex<T> = node.children.get(key) ?? new PathIndex<T>();
      node.children.set(key, child);
      node = child;
    }
    node.own.push({ value, number: this.added++ });
  }

  /** At the path, and at every beginning of it. */
  *above(path: Path): Generator<T, undefined> {
    let node: PathIndex<T> | undefined = this;
    for (let depth = 0; node; depth++) {
      for (const { value } of node.own) yield value;
      const key = path[depth];
      node = key === undefined ? undefined : node.children.get(key);
    }
  }

  /** Of paths that begin with this one and are longer, in the order in which they were added. */
  below(path: Path): T[] {
    let node: PathIndex<T> | undefined = this;
    for (const key of path) node = node?.children.get(key);
    if (!node) return [];
    const found: { readonly value: T; readonly number: number }[] = [];
    const waiting = [...node.children.values()];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      found.push(...next.own);
      waiting.push(...next.children.values());
    }
    return found.sort((one, other) => one.number - other.number).map(({ value }) => value);
  }
}
