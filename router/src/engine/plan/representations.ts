import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DataObject, isDataObject } from './data.js';
import type { TypeConditions } from './type-conditions.js';

interface CopiedField {
  readonly from: string;
  readonly nested: Selector | undefined;
}

/** Copies what a `requires` selection names out of an entity; the copiers are compiled once per type name. */
class Selector {
  private readonly byType = new Map<unknown, readonly CopiedField[]>();

  constructor(
    private readonly selections: readonly QueryPlanSelectionNode[],
    private readonly types: TypeConditions,
  ) {}

  /** Undefined when something required is not there: the entity then takes no part in the fetch. */
  copy(source: DataObject): DataObject | undefined {
    const copy: DataObject = {};
    for (const { from, nested } of this.fieldsFor(source['__typename'])) {
      const value = source[from];
      const copied = nested && value !== null ? copyNested(nested, value) : value;
      if (copied === undefined) return undefined;
      copy[from] = copied;
    }
    return copy;
  }

  private fieldsFor(typeName: unknown): readonly CopiedField[] {
    const known = this.byType.get(typeName);
    if (known) return known;
    const nested = new Map<string, QueryPlanSelectionNode[]>();
    this.collect(this.selections, typeName, nested);
    const fields = [...nested].map(([from, selections]) => ({
      from,
      nested: selections.length > 0 ? new Selector(selections, this.types) : undefined,
    }));
    this.byType.set(typeName, fields);
    return fields;
  }

  private collect(
    selections: readonly QueryPlanSelectionNode[],
    typeName: unknown,
    fields: Map<string, QueryPlanSelectionNode[]>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        const name = selection.alias ?? selection.name;
        fields.set(name, [...(fields.get(name) ?? []), ...(selection.selections ?? [])]);
      } else if (
        selection.typeCondition === undefined ||
        (typeof typeName === 'string' && this.types.includes(selection.typeCondition, typeName))
      ) {
        this.collect(selection.selections, typeName, fields);
      }
    }
  }
}

function copyNested(selector: Selector, value: unknown): unknown {
  if (value === null) return null;
  if (isDataObject(value)) return selector.copy(value);
  if (!Array.isArray(value)) return undefined;
  const items: unknown[] = [];
  for (const item of value) {
    const copied = copyNested(selector, item);
    if (copied === undefined) return undefined;
    items.push(copied);
  }
  return items;
}

/** Builds the representations of one entity fetch. */
export class Representations {
  private readonly selector: Selector;

  constructor(
    requires: readonly QueryPlanSelectionNode[],
    types: TypeConditions,
    private readonly rewrite: ((value: unknown) => void) | undefined,
    private readonly complete?: (representation: DataObject, entity: DataObject) => boolean,
  ) {
    this.selector = new Selector(requires, types);
  }

  /** Undefined for an object that is no entity of this fetch, or whose key is missing. */
  of(entity: DataObject): DataObject | undefined {
    const representation = this.selector.copy(entity);
    if (representation?.['__typename'] === undefined) return undefined;
    this.rewrite?.(representation);
    return this.complete?.(representation, entity) === false ? undefined : representation;
  }
}

/** Equal only for equal representations of one fetch. */
export function representationKey(representation: DataObject): string {
  let key = '';
  for (const name in representation) {
    const value = representation[name];
    key += typeof value === 'string' ? `${name}=${value.length}:${value}` : `${name}=${JSON.stringify(value)};`;
  }
  return key;
}
