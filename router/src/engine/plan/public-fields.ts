import { baseType, type NamedType, type Schema, type SchemaElement } from '@apollo/federation-internals';
import {
  type FragmentDefinitionNode,
  Kind,
  type NamedTypeNode,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

const SPECIFICATION = 'cacheControl';

/**
 * Fields that are declared to be the same for everybody: `@cacheControl(scope: PUBLIC)` on the field, or on its type where the
 * field says nothing. The directive is known by the name in the URL of its specification, since `@link` may rename it.
 */
export class PublicFields {
  private readonly directive: string | undefined;

  constructor(private readonly schema: Schema) {
    const feature = [...(schema.coreFeatures?.allFeatures() ?? [])].find(({ url }) => url.name === SPECIFICATION);
    this.directive = feature?.directiveNameInSchema(SPECIFICATION);
  }

  /** Whether everything that a subgraph is asked for is public. */
  coverAll(query: string): boolean {
    if (this.directive === undefined) return false;
    const { definitions } = parse(query, { noLocation: true });
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    }
    return definitions.every(
      (definition) =>
        definition.kind !== Kind.OPERATION_DEFINITION ||
        (definition.operation === OperationTypeNode.QUERY &&
          this.cover(this.schema.schemaDefinition.rootType('query'), definition.selectionSet, fragments)),
    );
  }

  private cover(
    parent: NamedType | undefined,
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
      const type = fieldOf(parent, name)?.type;
      return this.cover(type && baseType(type), selection.selectionSet, fragments);
    });
  }

  private typeOf({ typeCondition }: { readonly typeCondition?: NamedTypeNode }): NamedType | undefined {
    return typeCondition && this.schema.type(typeCondition.name.value);
  }

  /** Of an interface's field, every type's that may stand there. */
  private has(parent: NamedType | undefined, name: string): boolean {
    if (parent?.kind === 'InterfaceType') return parent.possibleRuntimeTypes().every((type) => this.has(type, name));
    const field = fieldOf(parent, name);
    if (!parent || !field) return false;
    const scopes = this.scopesAt(field);
    return isPublic(scopes.length > 0 ? scopes : this.scopesAt(parent));
  }

  // biome-ignore lint/suspicious/noExplicitAny: federation-internals has no common supertype for elements that carry directives.
  private scopesAt(element: SchemaElement<any, any>): unknown[] {
    const applied = element.appliedDirectivesOf(this.directive ?? '');
    return applied.map((directive) => (directive.arguments() as Record<string, unknown>)['scope']);
  }
}

const isPublic = (scopes: readonly unknown[]): boolean =>
  scopes.length > 0 && scopes.every((scope) => scope === 'PUBLIC');

function fieldOf(type: NamedType | undefined, name: string) {
  return type?.kind === 'ObjectType' || type?.kind === 'InterfaceType' ? type.field(name) : undefined;
}
