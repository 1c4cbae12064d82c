import {
  type DirectiveNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { argumentsOf, costDirectiveNames } from './directive-names.js';

/** How long the lists of a field get, as `@listSize` says. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Arguments that bound the list. */
  readonly slicingArguments: readonly string[];
  /** Lists below the field that its arguments bound, rather than its own. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

type Annotated = { readonly astNode?: { readonly directives?: readonly DirectiveNode[] } | null } | undefined | null;

const COMPOSITE = 1;
const LEAF = 0;
/** A leaf that is computed for what it is given: an alias for each value would be as many computations for nothing. */
const COMPUTED_LEAF = 1;

/** What the supergraph's `@cost` and `@listSize` say, with the defaults of Apollo Router: objects weigh 1, leaves nothing, unless they have arguments. */
export class Weights {
  private readonly names: ReturnType<typeof costDirectiveNames>;

  constructor(private readonly schema: GraphQLSchema) {
    this.names = costDirectiveNames(schema);
  }

  /** Of one value of the field: its own, else its type's; of an abstract type the heaviest that it may turn out to be. */
  ofField(typeName: string, fieldName: string): number {
    const field = this.field(typeName, fieldName);
    const own = this.weightAt(field);
    if (own !== undefined || !field) return own ?? LEAF;
    const type = getNamedType(field.type);
    const declared = this.weightAt(type);
    if (!isCompositeType(type)) return declared ?? (field.args.length > 0 ? COMPUTED_LEAF : LEAF);
    if (!isAbstractType(type)) return declared ?? COMPOSITE;
    const possible = this.schema.getPossibleTypes(type).map((object) => this.weightAt(object) ?? COMPOSITE);
    return Math.max(declared ?? COMPOSITE, ...possible);
  }

  listSize(typeName: string, fieldName: string): ListSize | undefined {
    const directive = this.directive(this.field(typeName, fieldName), this.names.listSize);
    if (!directive) return undefined;
    const given = argumentsOf(directive) as Partial<Record<keyof ListSize, never>>;
    return {
      assumedSize: given.assumedSize,
      slicingArguments: given.slicingArguments ?? [],
      sizedFields: given.sizedFields ?? [],
      requireOneSlicingArgument: given.requireOneSlicingArgument ?? true,
    };
  }

  /** Of the value of an argument, everything in it included. */
  ofArgument(typeName: string, fieldName: string, name: string, type: GraphQLInputType, value: unknown): number {
    const argument = this.field(typeName, fieldName)?.args.find((one) => one.name === name);
    return this.ofInput(argument, type, value);
  }

  private ofInput(place: Annotated, type: GraphQLInputType, value: unknown): number {
    if (value === null || value === undefined) return 0;
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + this.ofInput(place, type, item), 0);
    const { name } = getNamedType(type);
    const known = this.schema.getType(name);
    const own = this.weightAt(place) ?? this.weightAt(known);
    if (!isInputObjectType(known)) return own ?? LEAF;
    const fields = known.getFields();
    let sum = own ?? COMPOSITE;
    for (const [key, nested] of Object.entries(value as Record<string, unknown>)) {
      const field = fields[key];
      if (field) sum += this.ofInput(field, field.type, nested);
    }
    return sum;
  }

  /** Whether values of the type can weigh anything. */
  isWeighty(typeName: string, fieldName: string, name: string): boolean {
    const argument = this.field(typeName, fieldName)?.args.find((one) => one.name === name);
    if (!argument) return false;
    const type = getNamedType(argument.type);
    const leaf = isScalarType(type) || isEnumType(type);
    return !leaf || this.weightAt(argument) !== undefined || this.weightAt(type) !== undefined;
  }

  private field(typeName: string, fieldName: string) {
    const type = this.schema.getType(typeName);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  }

  private weightAt(place: Annotated): number | undefined {
    const directive = this.directive(place, this.names.cost);
    return directive && Number(argumentsOf(directive).weight);
  }

  private directive(place: Annotated, name: string | undefined): DirectiveNode | undefined {
    return name === undefined ? undefined : place?.astNode?.directives?.find((one) => one.name.value === name);
  }
}
