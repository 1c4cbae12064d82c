import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { type CacheHints, noHint } from './cache-hints.js';

/**
 * Fields that are declared to be the same for everybody: `@cacheControl(scope: PUBLIC)` on the field, or on its type where the
 * field says nothing.
 */
export class PublicFields {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly hints: CacheHints,
  ) {}

  /** Whether everything that a subgraph is asked for is public. */
  coverAll(query: string): boolean {
    if (this.hints.empty) return false;
    const { definitions } = parse(query, { noLocation: true });
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    return definitions.every(
      (definition) =>
        definition.kind !== Kind.OPERATION_DEFINITION ||
        (definition.operation === OperationTypeNode.QUERY &&
          this.cover(this.schema.getQueryType() ?? undefined, definition.selectionSet, fragments)),
    );
  }

  private cover(
    parent: GraphQLNamedType | undefined,
    { selections }: SelectionSetNode,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ): boolean {
    return selections.every((selection): boolean => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return !!fragment && this.cover(this.typeOf(fragment), fragment.selectionSet, fragments);
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition ? this.typeOf(selection) : parent;
        return this.cover(type, selection.selectionSet, fragments);
      }
      const name = selection.name.value;
      if (name === '__typename') return true;
      if (name === '_entities')
        return !!selection.selectionSet && this.cover(undefined, selection.selectionSet, fragments);
      if (!this.has(parent, name)) return false;
      if (!selection.selectionSet) return true;
      return this.cover(getNamedType(fieldOf(parent, name)?.type), selection.selectionSet, fragments);
    });
  }

  private typeOf({ typeCondition }: { readonly typeCondition?: NamedTypeNode }): GraphQLNamedType | undefined {
    return typeCondition && this.schema.getType(typeCondition.name.value);
  }

  /** Of an interface's field, every type's that may stand there. */
  private has(parent: GraphQLNamedType | undefined, name: string): boolean {
    if (isInterfaceType(parent)) return this.schema.getPossibleTypes(parent).every((type) => this.has(type, name));
    if (!parent || !fieldOf(parent, name)) return false;
    const own = this.hints.ofField(parent.name, name);
    return (own === noHint ? this.hints.ofType(parent.name) : own).scope === 'PUBLIC';
  }
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
