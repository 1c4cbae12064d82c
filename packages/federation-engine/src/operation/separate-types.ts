import {
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  print,
} from 'graphql';
import { SelectionTexts } from './selection-texts.js';
import { isIntrospection, isTypename, type SelectedField, type Selection } from './selection-tree.js';
import { TypedKeys } from './typed-keys.js';

/** A selection set, and the type that it is on. */
interface SelectedObject {
  readonly type: GraphQLCompositeType;
  readonly selections: readonly Selection[];
}

interface PlacedField {
  readonly field: SelectedField;
  /** The object types that have it, narrowed by every type condition around it. */
  readonly types: readonly string[];
}

/** Selections under one key that ask the same of some types. */
interface TypedSelection {
  readonly fields: readonly SelectedField[];
  readonly types: ReadonlySet<string>;
  /** The field, with its arguments. */
  readonly field: string;
  /** What is selected below it. */
  readonly below: ReadonlySet<number>;
}

/** Gives keys to what is selected differently on different types at one place of the data: see TypedKeys. */
export function separateTypes(
  schema: GraphQLSchema,
  interfaceObjects: ReadonlySet<string>,
  root: SelectedObject,
  prefix: string,
): TypedKeys {
  const keys = new TypedKeys(prefix);
  new TypeSeparation(schema, interfaceObjects, keys).place([root]);
  return keys;
}

class TypeSeparation {
  private readonly texts = new SelectionTexts();
  private readonly possible = new Map<GraphQLCompositeType, ReadonlySet<string>>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly interfaceObjects: ReadonlySet<string>,
    private readonly keys: TypedKeys,
  ) {}

  /** Everything that is selected at one place of the data, whatever the types around it. */
  place(objects: readonly SelectedObject[]): void {
    const all = new Set<string>();
    const byKey = new Map<string, PlacedField[]>();
    for (const { type, selections } of objects) {
      const types = this.possibleTypes(type);
      for (const name of types) all.add(name);
      this.collect(selections, [...types], byKey);
    }
    for (const [dataKey, placed] of byKey) {
      for (const { fields, types } of this.separate(placed, all)) this.keys.add(fields, { dataKey, types });
      const below = placed.flatMap(({ field }): SelectedObject[] => {
        const type = getNamedType(field.definition.type);
        return field.selections && isCompositeType(type) ? [{ type, selections: field.selections }] : [];
      });
      if (below.length > 0) this.place(below);
    }
  }

  private collect(selections: readonly Selection[], types: readonly string[], byKey: Map<string, PlacedField[]>): void {
    for (const selection of selections) {
      if (selection.kind === 'fragment') {
        this.collect(selection.selections, this.narrow(types, selection.typeCondition), byKey);
      } else if (!isTypename(selection) && !isIntrospection(selection)) {
        const placed = byKey.get(selection.dataKey);
        if (placed) placed.push({ field: selection, types });
        else byKey.set(selection.dataKey, [{ field: selection, types }]);
      }
    }
  }

  /** Those that the planner must not take for selections of every object there. */
  private separate(placed: readonly PlacedField[], all: ReadonlySet<string>): readonly TypedSelection[] {
    if (all.size === 1) return [];
    const scopes = [...Map.groupBy(placed, ({ types }) => types.join()).values()];
    const typed = scopes.length === 1 ? [] : this.differing(scopes);
    if (typed.length > 1) return typed.filter(({ types }) => types.size < all.size);
    const types = new Set(placed.flatMap((each) => each.types));
    const [first] = placed;
    if (!first || !this.isSharedByInterfaceObject(first.field.definition.name, types, all)) return [];
    return [{ ...this.typed(placed), types }];
  }

  private differing(scopes: readonly (readonly PlacedField[])[]): readonly TypedSelection[] {
    const alike: TypedSelection[] = [];
    for (const scope of scopes) {
      const typed = this.typed(scope);
      const at = alike.findIndex((other) => other.field === typed.field && isSame(other.below, typed.below));
      const same = alike[at];
      if (same) alike[at] = together(same, typed);
      else alike.push(typed);
    }
    // What another selection of all these types asks for as well needs no key of its own.
    const kept: TypedSelection[] = [];
    for (const typed of alike) {
      const at = kept.findIndex((other) => isWithin(typed, other) || isWithin(other, typed));
      const other = kept[at];
      if (!other) kept.push(typed);
      else kept[at] = { ...(isWithin(typed, other) ? other : typed), fields: [...other.fields, ...typed.fields] };
    }
    return kept;
  }

  private typed(placed: readonly PlacedField[]): TypedSelection {
    const fields = placed.map(({ field }) => field);
    return {
      fields,
      types: new Set(placed[0]?.types),
      field: fields[0] ? fieldText(fields[0]) : '',
      below: new Set(fields.flatMap(({ selections = [] }) => selections.map((each) => this.texts.of(each)))),
    };
  }

  /** To a subgraph that knows an interface as one object, all of its types are alike. */
  private isSharedByInterfaceObject(field: string, types: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
    if (types.size === all.size) return false;
    for (const name of this.interfaceObjects) {
      const type = this.schema.getType(name);
      if (!isInterfaceType(type) || !type.getFields()[field]) continue;
      const members = this.possibleTypes(type);
      const others = [...members].some((each) => all.has(each) && !types.has(each));
      if (others && [...members].some((each) => types.has(each))) return true;
    }
    return false;
  }

  private narrow(types: readonly string[], condition: GraphQLCompositeType | undefined): readonly string[] {
    if (!condition) return types;
    const possible = this.possibleTypes(condition);
    const narrowed = types.filter((name) => possible.has(name));
    return narrowed.length === types.length ? types : narrowed;
  }

  private possibleTypes(type: GraphQLCompositeType): ReadonlySet<string> {
    let possible = this.possible.get(type);
    if (!possible) {
      possible = new Set((isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type]).map(({ name }) => name));
      this.possible.set(type, possible);
    }
    return possible;
  }
}

const fieldText = ({ node }: SelectedField): string =>
  `${node.name.value}(${(node.arguments ?? []).map(print).sort().join()})`;

const together = (one: TypedSelection, other: TypedSelection): TypedSelection => ({
  ...one,
  fields: [...one.fields, ...other.fields],
  types: new Set([...one.types, ...other.types]),
});

const isSame = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean =>
  one.size === other.size && isSubset(one, other);

const isSubset = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean => [...one].every((each) => other.has(each));

const isWithin = (one: TypedSelection, other: TypedSelection): boolean =>
  one.field === other.field && isSubset(one.types, other.types) && isSubset(one.below, other.below);
