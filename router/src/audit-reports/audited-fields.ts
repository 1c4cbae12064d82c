import type { Condition, Operation, SelectedField, Selection, Variables } from '@platform/federation-engine';
import { isAbstractType } from 'graphql';

/** A place in an operation where a field is selected whose reading is recorded. */
interface AuditedPlace {
  readonly coordinate: string;
  /** Response names from the root, joined by dots. */
  readonly path: string;
  readonly conditions: readonly Condition[];
}

/** Which fields leave an entry when they are read: those that `include` names and `exclude` does not, as `Query.users`, `User.email` or `User.*`. */
export class AuditedFields {
  private readonly included: ReadonlySet<string>;
  private readonly excluded: ReadonlySet<string>;
  private readonly places = new WeakMap<Operation, readonly AuditedPlace[]>();

  constructor({ include, exclude }: { readonly include: readonly string[]; readonly exclude: readonly string[] }) {
    this.included = new Set(include);
    this.excluded = new Set(exclude);
  }

  /** The coordinates of those that the operation reads, without what is refused (by path) or left out by its variables. */
  readBy(operation: Operation, variables: Variables, refused: () => readonly string[]): readonly string[] {
    const places = this.placesIn(operation);
    if (places.length === 0) return [];
    const paths = refused();
    const read = places.filter(
      ({ path, conditions }) =>
        conditions.every(({ variable, skip }) => variables[variable] !== skip) &&
        !paths.some((each) => path === each || path.startsWith(`${each}.`)),
    );
    return [...new Set(read.map(({ coordinate }) => coordinate))];
  }

  private placesIn(operation: Operation): readonly AuditedPlace[] {
    const known = this.places.get(operation);
    if (known) return known;
    const places: AuditedPlace[] = [];
    const walk = (selections: readonly Selection[], path: readonly string[], outer: readonly Condition[]): void => {
      for (const selection of selections) {
        const conditions = [...outer, ...selection.conditions];
        const here = selection.kind === 'field' ? [...path, selection.responseName] : path;
        if (selection.kind === 'field') {
          for (const coordinate of this.coordinatesOf(selection, operation)) {
            places.push({ coordinate, path: here.join('.'), conditions });
          }
        }
        if (selection.selections) walk(selection.selections, here, conditions);
      }
    };
    if (this.included.size > 0 && operation.type !== 'mutation') walk(operation.selections, [], []);
    this.places.set(operation, places);
    return places;
  }

  /** A field of an interface is read of each type that implements it. */
  private coordinatesOf({ parentType, definition }: SelectedField, { supergraph }: Operation): string[] {
    const types = isAbstractType(parentType)
      ? [parentType, ...supergraph.apiSchema.getPossibleTypes(parentType)]
      : [parentType];
    return types
      .map(({ name }) => name)
      .filter((type) => names(this.included, type, definition.name) && !names(this.excluded, type, definition.name))
      .map((type) => `${type}.${definition.name}`);
  }
}

const names = (rules: ReadonlySet<string>, type: string, field: string): boolean =>
  rules.has(`${type}.${field}`) || rules.has(`${type}.*`);
