import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';

/**
 * Where a client's response names could collide with what the planner selects for itself. The planner adds keys and
 * `@requires` fields under their own names and lets them merge with the client's selections, which is silently wrong
 * when the client gave that name to something else. Decided by names alone, so that selections which merge in the
 * answer stay together in the data.
 */
export class PlanningNames {
  private readonly fieldNames = new Set<string>();

  /** Of the supergraph as the planner reads it. */
  constructor(schema: GraphQLSchema) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const name of Object.keys(type.getFields())) this.fieldNames.add(name);
    }
  }

  /** Whether the data of this selection must be planned under a name of its own. */
  collides(fieldName: string, responseName: string): boolean {
    if (responseName in Object.prototype) return true;
    if (responseName === fieldName) return false;
    return responseName === '__typename' || this.fieldNames.has(responseName);
  }
}
