import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { leafText } from '../projection/leaf-text.js';
import { type DataObject, isDataObject } from './data.js';
import type { TypeConditions } from './type-conditions.js';

interface CopiedField {
  readonly from: string;
  /** The field's name in JSON text, after what is before it. */
  readonly beginning: string;
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

  /** Whether what is copied says of which type it is. */
  names(source: DataObject): boolean {
    return source['__typename'] !== undefined && this.fieldsFor(source['__typename']).some(isTypename);
  }

  /** The copied values in order; false unless all of them are there and scalars. */
  scalars(source: DataObject, values: unknown[]): boolean {
    const fields = this.fieldsFor(source['__typename']);
    if (fields.length === 0) return false;
    if (values.length !== fields.length) values.length = fields.length;
    for (let index = 0; index < fields.length; index++) {
      const value = source[(fields[index] as CopiedField).from];
      if (value === undefined || (typeof value === 'object' && value !== null)) return false;
      values[index] = value;
    }
    return true;
  }

  /** JSON text of the copy. */
  text(source: DataObject): string | undefined {
    const fields = this.fieldsFor(source['__typename']);
    if (fields.length === 0) return '{}';
    let text = '';
    for (let index = 0; index < fields.length; index++) {
      const { from, beginning, nested } = fields[index] as CopiedField;
      const value = source[from];
      const copied =
        nested && value !== null ? nestedText(nested, value) : value === undefined ? value : leafText(value);
      if (copied === undefined) return undefined;
      text += beginning + copied;
    }
    return `${text}}`;
  }

  private fieldsFor(typeName: unknown): readonly CopiedField[] {
    const known = this.byType.get(typeName);
    if (known) return known;
    const nested = new Map<string, QueryPlanSelectionNode[]>();
    this.collect(this.selections, typeName, nested);
    const fields = [...nested].map(([from, selections], index) => ({
      from,
      beginning: `${index === 0 ? '{' : ','}${JSON.stringify(from)}:`,
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

const isTypename = ({ from }: CopiedField): boolean => from === '__typename';

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

function nestedText(selector: Selector, value: unknown): string | undefined {
  if (value === null) return 'null';
  if (isDataObject(value)) return selector.text(value);
  if (!Array.isArray(value)) return undefined;
  const items: string[] = [];
  for (const item of value) {
    const text = nestedText(selector, item);
    if (text === undefined) return undefined;
    items.push(text);
  }
  return `[${items.join(',')}]`;
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

  /** What tells the entity apart from others of this fetch: its required values, when all of them are scalars. */
  keysOf(entity: DataObject, keys: unknown[]): boolean {
    return this.asTheyAre && entity['__typename'] !== undefined && this.selector.scalars(entity, keys);
  }

  /** As JSON text, equal for equal representations; undefined for an object that is no entity of this fetch, or whose key is missing. */
  textOf(entity: DataObject): string | undefined {
    if (this.asTheyAre) return this.selector.names(entity) ? this.selector.text(entity) : undefined;
    const representation = this.selector.copy(entity);
    if (representation?.['__typename'] === undefined) return undefined;
    this.rewrite?.(representation);
    return this.complete?.(representation, entity) === false ? undefined : JSON.stringify(representation);
  }

  /** Nothing is changed on the way from the entity to its representation. */
  private get asTheyAre(): boolean {
    return !this.rewrite && !this.complete;
  }
}
