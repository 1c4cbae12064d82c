import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DataObject, isDataObject } from '../base/data.js';
import { leafText } from '../base/leaf-text.js';
import type { TypeConditions } from '../schema/type-conditions.js';

interface CopiedField {
  readonly from: string;
  readonly nested: Selector | undefined;
}

/** What is copied of the objects of one type. */
interface CopiedFields {
  readonly fields: readonly CopiedField[];
  /** Their names, but for that of the type. */
  readonly keys: readonly string[];
  /** Those whose text depends on the object, each with the text before it. */
  readonly varying: readonly (CopiedField & { readonly beginning: string })[];
  /** The text after the last of them. */
  readonly end: string;
}

/** Copies what a `requires` selection names out of an entity; the copiers are compiled once per type name. */
class Selector {
  private readonly byType = new Map<unknown, CopiedFields>();

  constructor(
    private readonly selections: readonly QueryPlanSelectionNode[],
    private readonly types: TypeConditions,
  ) {}

  /** Undefined when something required is not there: the entity then takes no part in the fetch. */
  copy(source: DataObject): DataObject | undefined {
    const copy: DataObject = {};
    for (const { from, nested } of this.copiedOf(source['__typename']).fields) {
      const value = source[from];
      const copied = nested && value !== null ? copyNested(nested, value) : value;
      if (copied === undefined) return undefined;
      copy[from] = copied;
    }
    return copy;
  }

  /** Whether what is copied says of which type it is. */
  names(source: DataObject): boolean {
    return source['__typename'] !== undefined && this.copiedOf(source['__typename']).fields.some(isTypename);
  }

  /** What is copied of an object of the type, besides the type itself. */
  keysOf(typeName: unknown): readonly string[] {
    return this.copiedOf(typeName).keys;
  }

  /** JSON text of the copy. */
  text(source: DataObject): string | undefined {
    const { varying, end } = this.copiedOf(source['__typename']);
    let text = '';
    for (let index = 0; index < varying.length; index++) {
      const { from, beginning, nested } = varying[index] as CopiedFields['varying'][number];
      const value = source[from];
      const copied =
        nested && value !== null ? nestedText(nested, value) : value === undefined ? value : leafText(value);
      if (copied === undefined) return undefined;
      text += beginning + copied;
    }
    return text + end;
  }

  private copiedOf(typeName: unknown): CopiedFields {
    let copied = this.byType.get(typeName);
    if (!copied) {
      const selected = new Map<string, QueryPlanSelectionNode[]>();
      this.collect(this.selections, typeName, selected);
      const fields = [...selected].map(([from, selections]) => ({
        from,
        nested: selections.length > 0 ? new Selector(selections, this.types) : undefined,
      }));
      const keys = fields.filter((field) => !isTypename(field)).map(({ from }) => from);
      copied = { fields, keys, ...textsOf(fields, typeName) };
      this.byType.set(typeName, copied);
    }
    return copied;
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

function textsOf(fields: readonly CopiedField[], typeName: unknown): Omit<CopiedFields, 'fields' | 'keys'> {
  const varying: (CopiedField & { readonly beginning: string })[] = [];
  let beginning = '{';
  fields.forEach((field, index) => {
    beginning += `${index === 0 ? '' : ','}${JSON.stringify(field.from)}:`;
    if (isTypename(field) && typeof typeName === 'string') {
      beginning += JSON.stringify(typeName);
    } else {
      varying.push({ ...field, beginning });
      beginning = '';
    }
  });
  return { varying, end: `${beginning}}` };
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

  /** What tells entities of the type apart when all of it is scalar. Empty where only the text of their representations does. */
  keysOf(typeName: unknown): readonly string[] {
    return this.asTheyAre && typeName !== undefined ? this.selector.keysOf(typeName) : [];
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
