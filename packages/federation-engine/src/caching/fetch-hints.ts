import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { AuthorizationRules } from '../schema/authorization-rules.js';
import type { CacheHint, CacheHints } from '../schema/cache-hints.js';
import type { Rule } from '../schema/rule.js';
import type { FetchHints, SubgraphCaching, TaggedField } from './fetch-policy.js';
import { type TagFormat, tagFormat } from './tag-format.js';

/** What is known of a supergraph before anything is fetched. */
export interface HintSources {
  readonly schema: GraphQLSchema;
  readonly hints: CacheHints;
  readonly rules: AuthorizationRules;
  /** Formats of tags by `Type` and `Type.field`, besides those of the schema. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads the hints of one fetch as Apollo Server does: a field's own come first, then those of the type that it answers
 * with; a scalar that says nothing is as good as what is around it. What is public has to say so, by itself or by the
 * type that it belongs to.
 */
export function fetchHints(
  sources: HintSources,
  subgraph: string,
  query: string,
  caching: Pick<SubgraphCaching, 'maxAge' | 'scope'>,
): FetchHints {
  const reader = new Reader(sources, subgraph, caching);
  const { definitions } = parse(query, { noLocation: true });
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) reader.fragments.set(definition.name.value, definition);
  }
  for (const definition of definitions) if (definition.kind === Kind.OPERATION_DEFINITION) reader.read(definition);
  return reader.found();
}

class Reader {
  readonly fragments = new Map<string, FragmentDefinitionNode>();
  private shortest = Number.POSITIVE_INFINITY;
  private complete = true;
  private isPublic = true;
  private readonly rules = new Set<Rule>();
  private readonly tags = new Set<string>();
  private readonly tagged: TaggedField[] = [];
  private readonly entityTags = new Map<string, readonly TagFormat[]>();

  constructor(
    private readonly sources: HintSources,
    private readonly subgraph: string,
    private readonly caching: Pick<SubgraphCaching, 'maxAge' | 'scope'>,
  ) {
    this.tags.add('everything').add(`subgraph:${subgraph}`);
  }

  read({ selectionSet }: OperationDefinitionNode): void {
    const root = this.sources.schema.getQueryType() ?? undefined;
    for (const field of this.fieldsOf(selectionSet)) {
      if (field.name.value === '_entities') this.entities(field);
      else {
        this.field(root, field, false);
        this.tagRoot(root, field);
      }
    }
  }

  found(): FetchHints {
    const { shortest, isPublic, tagged, entityTags } = this;
    const complete = this.complete && shortest < Number.POSITIVE_INFINITY;
    return { shortest, complete, isPublic, rules: [...this.rules], tags: [...this.tags], tagged, entityTags };
  }

  private entities({ selectionSet }: FieldNode): void {
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD && selection.name.value === '__typename') continue;
      const name =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.fragments.get(selection.name.value)?.typeCondition.name.value
          : selection.kind === Kind.INLINE_FRAGMENT
            ? selection.typeCondition?.name.value
            : undefined;
      const type = this.type(name);
      if (!type) {
        this.refuse();
        continue;
      }
      const { maxAge } = this.typeHint(type);
      if (maxAge !== undefined) this.atMost(maxAge);
      this.touch(type);
      for (const each of this.withImplementers(type)) this.tagEntity(each.name);
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      if (inner?.selectionSet) this.selections(type, inner.selectionSet, maxAge !== undefined);
    }
  }

  private selections(parent: GraphQLNamedType | undefined, { selections }: SelectionSetNode, covered: boolean): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        this.field(parent, selection, covered);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      if (!fragment) {
        this.refuse();
        continue;
      }
      const type = fragment.typeCondition ? this.type(fragment.typeCondition.name.value) : parent;
      if (type) this.touch(type);
      this.selections(type, fragment.selectionSet, covered);
    }
  }

  /** @param covered something around the field has said for how long it holds. */
  private field(parent: GraphQLNamedType | undefined, node: FieldNode, covered: boolean): void {
    const name = node.name.value;
    if (name === '__typename') return;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!parent || !field) {
      this.refuse();
      return;
    }
    const returned = getNamedType(field.type);
    for (const owner of this.withImplementers(parent)) {
      for (const rule of this.sources.rules.ofField(owner.name, name)) this.rules.add(rule);
    }
    for (const owner of this.possible(parent)) {
      const own = this.sources.hints.ofField(owner.name, name);
      this.age(own, returned, covered);
      if (!this.declaredPublic(own, owner.name)) this.isPublic = false;
    }
    this.touch(returned);
    if (node.selectionSet) this.selections(returned, node.selectionSet, true);
  }

  private age(own: CacheHint, returned: GraphQLNamedType, covered: boolean): void {
    const inherits = own.inheritMaxAge && covered;
    if (own.maxAge !== undefined) this.atMost(own.maxAge);
    else if (inherits || (covered && isLeafType(returned))) return;
    else {
      const hint = isCompositeType(returned) ? this.typeHint(returned) : {};
      if (hint.maxAge !== undefined) this.atMost(hint.maxAge);
      else if (!(hint.inheritMaxAge && covered)) this.unsaid();
    }
  }

  /** Of an interface or a union the strictest of every type that may stand there. */
  private typeHint(type: GraphQLNamedType): CacheHint {
    const own = this.sources.hints.ofType(type.name);
    if (!isAbstractType(type)) return own;
    const others = this.possible(type).map(({ name }) => this.sources.hints.ofType(name).maxAge);
    const ages = [own.maxAge, ...others].filter((age) => age !== undefined);
    const said = own.maxAge !== undefined || (others.length > 0 && !others.includes(undefined));
    return { ...own, maxAge: said ? Math.min(...ages) : undefined };
  }

  private declaredPublic({ scope }: CacheHint, owner: string): boolean {
    const declared = scope ?? this.sources.hints.ofType(owner).scope;
    return declared === undefined ? this.caching.scope === 'public' : declared === 'PUBLIC';
  }

  private atMost(seconds: number): void {
    this.shortest = Math.min(this.shortest, seconds * 1000);
  }

  private unsaid(): void {
    if (this.caching.maxAge === null) this.complete = false;
    else this.shortest = Math.min(this.shortest, this.caching.maxAge);
  }

  /** What cannot be judged is not kept. */
  private refuse(): void {
    this.shortest = 0;
    this.isPublic = false;
  }

  /** The answer holds objects of the type, and is only for whom its rules let have them. */
  private touch(type: GraphQLNamedType): void {
    if (!isCompositeType(type)) {
      for (const rule of this.sources.rules.ofType(type.name)) this.rules.add(rule);
      return;
    }
    for (const { name } of this.withImplementers(type)) {
      this.tags.add(`type:${name}`);
      for (const rule of this.sources.rules.ofType(name)) this.rules.add(rule);
    }
  }

  private withImplementers(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    return isAbstractType(type) ? [type, ...this.sources.schema.getPossibleTypes(type)] : [type];
  }

  /** The objects that may stand there: hints are theirs, not the interface's. */
  private possible(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    return isAbstractType(type) ? this.sources.schema.getPossibleTypes(type) : [type];
  }

  private tagRoot(root: GraphQLNamedType | undefined, field: FieldNode): void {
    const formats = this.formatsAt(`${root?.name}.${field.name.value}`);
    if (formats.length === 0) return;
    const args = (variables: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(
        (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
      );
    this.tagged.push({ formats, args });
  }

  private tagEntity(type: string): void {
    const formats = this.formatsAt(type);
    if (formats.length > 0) this.entityTags.set(type, formats);
  }

  private formatsAt(coordinate: string): readonly TagFormat[] {
    const configured = Object.hasOwn(this.sources.tags, coordinate) ? this.sources.tags[coordinate] : undefined;
    return [...this.sources.hints.tagsAt(coordinate, this.subgraph), ...(configured ?? [])].map(tagFormat);
  }

  private fieldsOf({ selections }: SelectionSetNode): FieldNode[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return selection;
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection;
      return fragment ? this.fieldsOf(fragment.selectionSet) : [];
    });
  }

  private type(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.sources.schema.getType(name);
  }
}
