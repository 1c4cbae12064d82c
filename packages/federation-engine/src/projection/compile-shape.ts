import {
  type GraphQLCompositeType,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { UnauthorizedSelections } from '../authorization/unauthorized-selections.js';
import type { Deferral, IsDeferred } from '../operation/deferral.js';
import { IntrospectedField, type IntrospectionContext } from '../operation/introspection.js';
import { isIntrospection, isTypename, type SelectedField, type Selection } from '../operation/selection-tree.js';
import { conditionsHold, type Variables } from '../operation/variables.js';
import type { Supergraph } from '../schema/supergraph.js';
import type { CompositeShape, FieldShape, ObjectShape, ValueShape } from './shapes.js';

/**
 * Compiles the client's shape of an answer, for one outcome of its conditions and one set of unauthorized.
 * Merges selections as the specification's CollectFields does, once per runtime type instead of once per object.
 */
export class ShapeCompiler {
  private readonly schema: GraphQLSchema;
  private readonly supergraphSchema: GraphQLSchema;

  constructor(
    { apiSchema, schema }: Pick<Supergraph, 'apiSchema' | 'schema'>,
    private readonly outcome: Outcome,
  ) {
    this.schema = apiSchema;
    this.supergraphSchema = schema;
  }

  root(type: GraphQLObjectType, selections: readonly Selection[]): ObjectShape {
    return this.object(type, [selections]);
  }

  private object(type: GraphQLCompositeType, selectionSets: readonly (readonly Selection[])[]): ObjectShape {
    const collected: CollectedSelections = { groups: new Map(), deferred: [] };
    for (const selections of selectionSets) this.collect(type, selections, collected);
    return {
      typeName: type.name,
      fields: [...collected.groups.values()].map((group) => this.field(type, group)),
      deferred: collected.deferred.map(({ deferral, selections }) => ({
        deferral,
        shape: this.object(type, [selections]),
      })),
    };
  }

  private collect(type: GraphQLCompositeType, selections: readonly Selection[], into: CollectedSelections): void {
    for (const selection of selections) {
      if (!conditionsHold(selection.conditions, this.outcome.variables)) continue;
      if (selection.kind === 'fragment') {
        const { deferral, selections: nested } = selection;
        if (!this.applies(type, selection.typeCondition)) continue;
        if (deferral && this.outcome.isDeferred(deferral)) into.deferred.push({ deferral, selections: nested });
        else this.collect(type, nested, into);
      } else {
        const group = into.groups.get(selection.responseName);
        if (group) group.push(selection);
        else into.groups.set(selection.responseName, [selection]);
      }
    }
  }

  private applies(type: GraphQLCompositeType, condition: GraphQLCompositeType | undefined): boolean {
    if (!condition || condition === type) return true;
    if (!isAbstractType(condition)) return false;
    return (isObjectType(type) || isInterfaceType(type)) && this.schema.isSubType(condition, type);
  }

  /** One that is permitted wins over one that is refused elsewhere. */
  private field(parent: GraphQLCompositeType, group: Group): FieldShape {
    const { unauthorized } = this.outcome;
    const permitted = group.filter((field) => !unauthorized.has(field));
    const [first = group[0], ...others] = permitted;
    const { definition, responseName: name, dataKey: key } = first;
    const own = isObjectType(parent) ? parent.getFields()[definition.name] : undefined;
    const nested = permitted.flatMap(({ selections }) => (selections ? [selections] : []));
    return {
      kind: permitted.length === 0 ? 'unauthorized' : kindOf(first),
      name,
      key,
      type: isIntrospection(first) ? introspectionShape : this.value((own ?? definition).type, nested),
      coordinate: `${parent.name}.${definition.name}`,
      unauthorized: group.flatMap((field) => unauthorized.get(field) ?? []),
      introspected: this.introspected(first, others),
    };
  }

  /** Whether an object says that it is of another type. A subgraph may have names of its own for root types. */
  private isAnother(type: GraphQLObjectType, typeName: unknown): boolean {
    if (typeName === undefined || typeName === type.name) return false;
    return typeof typeName !== 'string' || isObjectType(this.schema.getType(typeName));
  }

  private introspected(first: SelectedField, others: readonly SelectedField[]): IntrospectedField | undefined {
    const { introspection } = this.outcome;
    if (!introspection || !isIntrospection(first)) return undefined;
    return new IntrospectedField([first.node, ...others.map(({ node }) => node)], introspection);
  }

  private value(
    type: GraphQLOutputType,
    selectionSets: readonly (readonly Selection[])[],
    nonNull = false,
  ): ValueShape {
    if (isNonNullType(type)) return this.value(type.ofType, selectionSets, true);
    if (isListType(type)) return { kind: 'list', nonNull, of: this.value(type.ofType, selectionSets) };
    if (isEnumType(type)) {
      const values = namesOf(type);
      const whole = this.supergraphSchema.getType(type.name);
      const hidden = new Set(isEnumType(whole) ? [...namesOf(whole)].filter((name) => !values.has(name)) : []);
      return { kind: 'enum', nonNull, typeName: type.name, values, hidden };
    }
    if (isCompositeType(type)) return this.composite(type, selectionSets, nonNull);
    return { kind: 'leaf', nonNull, typeName: type.name };
  }

  private composite(
    type: GraphQLCompositeType,
    selectionSets: readonly (readonly Selection[])[],
    nonNull: boolean,
  ): CompositeShape {
    if (isObjectType(type)) {
      const shape = this.object(type, selectionSets);
      const shapeOf = (typeName: unknown) => (this.isAnother(type, typeName) ? undefined : shape);
      return { kind: 'object', nonNull, typeName: type.name, shapeOf, allShapes: () => [shape] };
    }
    const shapes = new Map<unknown, ObjectShape | undefined>();
    const compile = (typeName: unknown): ObjectShape | undefined => {
      const runtimeType = typeof typeName === 'string' ? this.schema.getType(typeName) : undefined;
      // Of an interface object its subgraph knows the interface alone.
      const isNamed = isObjectType(runtimeType) || isInterfaceType(runtimeType);
      const known = runtimeType === type || (isNamed && this.schema.isSubType(type, runtimeType));
      return known ? this.object(runtimeType as GraphQLCompositeType, selectionSets) : undefined;
    };
    const shapeOf = (typeName: unknown = type.name): ObjectShape | undefined => {
      const shape = shapes.get(typeName);
      if (shape || shapes.has(typeName)) return shape;
      const compiled = compile(typeName);
      if (compiled) shapes.set(typeName, compiled);
      return compiled;
    };
    const allShapes = () => this.schema.getPossibleTypes(type).flatMap(({ name }) => shapeOf(name) ?? []);
    return { kind: 'abstract', nonNull, typeName: type.name, shapeOf, allShapes };
  }
}

/** What the shape of an operation depends on besides its selections. */
interface Outcome {
  readonly unauthorized: UnauthorizedSelections;
  readonly variables: Variables;
  readonly isDeferred: IsDeferred;
  readonly introspection: IntrospectionContext | undefined;
}

const namesOf = (type: GraphQLEnumType): Set<unknown> => new Set(type.getValues().map(({ name }) => name));

/** Selections of one response name. */
type Group = [SelectedField, ...SelectedField[]];

/** What the selections of an object come to. */
interface CollectedSelections {
  /** By response name. */
  readonly groups: Map<string, Group>;
  readonly deferred: { readonly deferral: Deferral; readonly selections: readonly Selection[] }[];
}

const introspectionShape: ValueShape = { kind: 'leaf', nonNull: false, typeName: '' };

const kindOf = (field: SelectedField) =>
  isTypename(field) ? 'typename' : isIntrospection(field) ? 'introspection' : 'value';
