import type { DataObject } from '../base/data.js';
import type { Representations } from '../plan/representations.js';

/** One level for each scalar, and the index of the representation below the last. */
type Tree = Map<unknown, Tree | number>;

/** The representations of one source by the scalars of their entities: mostly those tell entities apart, without making text of each. */
export class ScalarIndex {
  private readonly byType = new Map<unknown, Tree>();
  // Of the entity that was looked at last: the next one is mostly of the same type.
  private typeName: unknown;
  private keys: readonly string[] = [];
  private tree: Tree = new Map();

  constructor(private readonly source: Representations) {}

  /** The index that was added for an equal entity. */
  find(entity: DataObject): number | undefined {
    const typeName = entity['__typename'];
    if (typeName !== this.typeName) this.turnTo(typeName);
    const { keys } = this;
    let found: Tree | number | undefined = this.tree;
    for (let at = 0; at < keys.length; at++) {
      if (typeof found !== 'object') return undefined;
      found = found.get(entity[keys[at] as string]);
    }
    return typeof found === 'number' ? found : undefined;
  }

  /** Whether the scalars of the entity that was looked for last tell it apart. */
  tells(entity: DataObject): boolean {
    return this.keys.length > 0 && this.keys.every((key) => isScalar(entity[key]));
  }

  /** For the entity that was looked for last. */
  add(entity: DataObject, index: number): void {
    const last = this.keys.length - 1;
    let { tree } = this;
    this.keys.forEach((key, at) => {
      const value = entity[key];
      if (at === last) {
        tree.set(value, index);
        return;
      }
      const next = tree.get(value);
      const below: Tree = typeof next === 'object' ? next : new Map();
      tree.set(value, below);
      tree = below;
    });
  }

  private turnTo(typeName: unknown): void {
    this.typeName = typeName;
    this.keys = this.source.keysOf(typeName);
    this.tree = this.byType.get(typeName) ?? new Map();
    this.byType.set(typeName, this.tree);
  }
}

const isScalar = (value: unknown): boolean => value !== undefined && (typeof value !== 'object' || value === null);
