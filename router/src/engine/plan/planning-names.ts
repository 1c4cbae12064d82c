import {
  type ConstDirectiveNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/**
 * Where a client's response names could collide with what the planner selects for itself. The planner adds keys and
 * `@requires` fields under their own names and lets them merge with the client's selections, which is silently wrong
 * when the client gave that name to something else or gave the field other arguments. Decided by names alone, so that
 * selections which merge in the answer stay together in the data.
 */
export class PlanningNames {
  private readonly fieldNames = new Set<string>();
  private readonly requiredWithArguments = new Set<string>();

  constructor(private readonly schema: GraphQLSchema) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        this.fieldNames.add(field.name);
        for (const required of requiredSelections(field.astNode?.directives ?? [])) this.collect(type.name, required);
      }
    }
  }

  /** Whether the data of this selection must be planned under a name of its own. */
  collides(fieldName: string, responseName: string): boolean {
    if (responseName in Object.prototype) return true;
    if (responseName === fieldName) return this.requiredWithArguments.has(fieldName);
    return responseName === '__typename' || this.fieldNames.has(responseName);
  }

  private collect(typeName: string, { selections }: SelectionSetNode): void {
    const type = this.schema.getType(typeName);
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.collect(selection.typeCondition?.name.value ?? typeName, selection.selectionSet);
      } else if (selection.kind === Kind.FIELD && (isObjectType(type) || isInterfaceType(type))) {
        const field = type.getFields()[selection.name.value];
        if (!field) continue;
        if (field.args.length > 0) this.requiredWithArguments.add(field.name);
        if (selection.selectionSet) this.collect(getNamedType(field.type).name, selection.selectionSet);
      }
    }
  }
}

/** The `requires` field sets of a field's `@join__field`s. */
function requiredSelections(directives: readonly ConstDirectiveNode[]): SelectionSetNode[] {
  return directives.flatMap(({ name, arguments: given }) => {
    const requires = name.value === 'join__field' && given?.find((argument) => argument.name.value === 'requires');
    if (!requires || requires.value.kind !== Kind.STRING) return [];
    return parse(`{ ${requires.value.value} }`, { noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition.selectionSet] : [],
    );
  });
}
