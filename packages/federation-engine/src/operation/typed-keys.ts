import type { SelectedField } from './selection-tree.js';

/** What stands under one key of the data in objects of some types only. */
export interface TypedKey {
  readonly dataKey: string;
  readonly types: ReadonlySet<string>;
}

/**
 * What the planner calls selections that only objects of some types have. To it, all objects at one place of the data are
 * alike: it would ask for everything that any of them needs, of all of them, and take the first of two fields that share a
 * name. With keys of their own it plans them apart; in requests and in the data they have their own names again.
 */
export class TypedKeys {
  private readonly byField = new Map<SelectedField, string>();
  private readonly byKey = new Map<string, TypedKey>();

  /** @param prefix what no name of the operation and of the schema starts with. */
  constructor(private readonly prefix: string) {}

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** The key of a selection in the planner's document. */
  of(field: SelectedField): string {
    return this.byField.get(field) ?? field.dataKey;
  }

  get(key: string): TypedKey | undefined {
    return this.byKey.get(key);
  }

  /** The key in the data. */
  dataKey(key: string): string {
    return this.byKey.get(key)?.dataKey ?? key;
  }

  /** Whether any of them can stand in the text. */
  areIn(operation: string): boolean {
    return !this.isEmpty && operation.includes(this.prefix);
  }

  add(fields: readonly SelectedField[], typed: TypedKey): void {
    const key = `${this.prefix}${this.byKey.size}_${typed.dataKey}`;
    this.byKey.set(key, typed);
    for (const field of fields) this.byField.set(field, key);
  }
}
