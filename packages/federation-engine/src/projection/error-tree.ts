type Path = readonly (string | number)[];

/** Where errors have been reported, to tell whether a missing value is already explained. */
export class ErrorTree {
  private readonly children = new Map<string | number, ErrorTree>();
  private reported = false;

  add(path: Path): void {
    let node: ErrorTree = this;
    for (const key of path) {
      let child = node.children.get(key);
      if (!child) {
        child = new ErrorTree();
        node.children.set(key, child);
      }
      node = child;
    }
    node.reported = true;
  }

  /** An error at the path, above it (a whole fetch failed) or below it (null propagated in the subgraph). */
  explains(path: Path): boolean {
    let node: ErrorTree = this;
    if (node.reported) return true;
    for (const key of path) {
      const child = node.children.get(key);
      if (!child) return false;
      if (child.reported) return true;
      node = child;
    }
    return true;
  }
}
