import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { ValidationFailed } from '../base/errors.js';
import type { AuthorizationRules } from '../schema/authorization-rules.js';
import type { Rule } from '../schema/rule.js';
import type { Supergraph } from '../schema/supergraph.js';
import { type Deferral, deferralOf } from './deferral.js';
import type { Condition, SelectedField, Selection } from './selection-tree.js';

interface Scope {
  readonly type: GraphQLCompositeType;
  /** The object types that can be met here, narrowed by every enclosing type condition. */
  readonly possible: readonly GraphQLObjectType[];
  /** Rules of the enclosing type conditions. */
  readonly inherited: readonly Rule[];
  /** The nearest enclosing fragment with `@defer`. */
  readonly deferral?: Deferral;
}

/** Expands a valid operation into its selection tree, every field with its definition, data key and rules. */
export class SelectionTreeBuilder {
  private readonly schema: GraphQLSchema;
  private readonly rules: AuthorizationRules;
  readonly fragments = new Map<string, FragmentDefinitionNode>();
  /** Whether `__schema` or `__type` stands anywhere. */
  introspects = false;
  /** What no name of the document and of the schema starts with. */
  readonly prefix: string;
  private fieldsLeft: number;
  private met = 0;
  /** Every fragment with `@defer`, in the order of the operation. */
  readonly deferrals: Deferral[] = [];

  constructor(
    private readonly supergraph: Supergraph,
    document: DocumentNode,
    private readonly maxFields: number,
  ) {
    this.schema = supergraph.apiSchema;
    this.rules = supergraph.rules;
    this.fieldsLeft = maxFields;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
    this.prefix = supergraph.names.unusedPrefix(document);
  }

  /** Selections that were built, fragments expanded. */
  get size(): number {
    return this.met;
  }

  build(root: GraphQLObjectType, selectionSet: SelectionSetNode): Selection[] {
    return this.selections(selectionSet, { type: root, possible: [root], inherited: this.rules.ofType(root.name) });
  }

  private selections(selectionSet: SelectionSetNode, scope: Scope): Selection[] {
    const selections: Selection[] = [];
    for (const node of selectionSet.selections) {
      const conditions = conditionsOf(node.directives);
      if (!conditions) continue;
      this.met += 1;
      switch (node.kind) {
        case Kind.FIELD:
          selections.push(this.field(node, conditions, scope));
          break;
        case Kind.INLINE_FRAGMENT: {
          const narrowed = this.narrow(scope, node.typeCondition?.name.value);
          const deferral = this.deferral(node, scope);
          selections.push({
            kind: 'fragment',
            node,
            typeCondition: node.typeCondition && narrowed.type,
            deferral,
            conditions,
            selections: this.selections(node.selectionSet, within(narrowed, deferral)),
          });
          break;
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = this.fragments.get(node.name.value);
          if (!fragment) continue;
          const narrowed = this.narrow(scope, fragment.typeCondition.name.value);
          const deferral = this.deferral(node, scope);
          selections.push({
            kind: 'fragment',
            node,
            typeCondition: narrowed.type,
            deferral,
            conditions,
            selections: this.selections(fragment.selectionSet, within(narrowed, deferral)),
          });
          break;
        }
      }
    }
    return selections;
  }

  private deferral({ directives }: InlineFragmentNode | FragmentSpreadNode, scope: Scope): Deferral | undefined {
    const deferral = deferralOf(directives, String(this.deferrals.length), scope.deferral);
    if (deferral) this.deferrals.push(deferral);
    return deferral;
  }

  private field(node: FieldNode, conditions: readonly Condition[], scope: Scope): SelectedField {
    if (--this.fieldsLeft < 0) {
      throw new ValidationFailed([{ message: `The operation selects more than ${this.maxFields} fields.` }]);
    }
    const definition = fieldDefinition(this.schema, scope.type, node.name.value);
    if (definition === SchemaMetaFieldDef || definition === TypeMetaFieldDef) this.introspects = true;
    const responseName = node.alias?.value ?? node.name.value;
    const type = getNamedType(definition.type);
    return {
      kind: 'field',
      node,
      definition,
      parentType: scope.type,
      responseName,
      dataKey: this.supergraph.names.collides(definition.name, responseName)
        ? this.prefix + responseName
        : responseName,
      conditions,
      rules: this.rules.isEmpty ? noRules : this.rulesOf(definition, scope),
      selections:
        node.selectionSet && isCompositeType(type)
          ? this.selections(node.selectionSet, {
              type,
              possible: possibleTypes(this.schema, type),
              inherited: noRules,
              deferral: scope.deferral,
            })
          : undefined,
    };
  }

  private narrow(scope: Scope, typeName: string | undefined): Scope {
    const type = typeName === undefined ? scope.type : this.schema.getType(typeName);
    if (!isCompositeType(type) || type === scope.type) return scope;
    const narrowed = possibleTypes(this.schema, type);
    return {
      type,
      possible: scope.possible.filter((possible) => narrowed.includes(possible)),
      inherited: [...scope.inherited, ...this.rules.ofType(type.name)],
      deferral: scope.deferral,
    };
  }

  /** Own rule and return type's rule; on an interface also those of every implementer that can be met. */
  private rulesOf(definition: GraphQLField<unknown, unknown>, { type, possible, inherited }: Scope): readonly Rule[] {
    if (definition.name === '__typename') return inherited;
    const rules = new Set(inherited);
    const add = (more: readonly Rule[]) => {
      for (const rule of more) rules.add(rule);
    };
    add(this.rules.ofField(type.name, definition.name));
    add(this.rules.ofType(getNamedType(definition.type).name));
    if (isAbstractType(type)) {
      for (const implementer of possible) {
        add(this.rules.ofType(implementer.name));
        add(this.rules.ofField(implementer.name, definition.name));
        const own = implementer.getFields()[definition.name];
        if (own) add(this.rules.ofType(getNamedType(own.type).name));
      }
    }
    return rules.size === 0 ? noRules : [...rules];
  }
}

const noRules: readonly Rule[] = [];

const within = (scope: Scope, deferral: Deferral | undefined): Scope => (deferral ? { ...scope, deferral } : scope);

const possibleTypes = (schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : [type];

/** The conditions that variables decide; undefined when a literal already excludes the selection. */
function conditionsOf(directives: readonly DirectiveNode[] = []): readonly Condition[] | undefined {
  let conditions: Condition[] | undefined;
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    const skip = name.value === 'skip';
    if (value?.kind === Kind.BOOLEAN && value.value === skip) return undefined;
    if (value?.kind === Kind.VARIABLE) {
      conditions ??= [];
      conditions.push({ variable: value.name.value, skip });
    }
  }
  return conditions ?? unconditional;
}

const unconditional: readonly Condition[] = [];

function fieldDefinition(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  const field = isUnionType(parent) ? undefined : parent.getFields()[name];
  if (!field) throw new ValidationFailed([{ message: `Cannot query field "${name}" on type "${parent.name}".` }]);
  return field;
}
