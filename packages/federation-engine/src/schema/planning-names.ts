import { type DocumentNode, type GraphQLSchema, isInterfaceType, isObjectType, Kind, visit } from 'graphql';

/**
 * Where a client's response names could collide with what the planner selects for itself. The planner adds keys and
 * `@requires` fields under their own names and lets them merge with the client's selections, which is silently wrong
 * when the client gave that name to something else. Decided by names alone, so that selections which merge in the
 * answer stay together in the data.
 */
export class PlanningNames {
  private readonly fieldNames = new Set<string>();
  /** With how many of them a name begins like our own do. */
  private readonly underscores: number;

  /** Of the supergraph as the planner reads it. */
  constructor(schema: GraphQLSchema) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const name of Object.keys(type.getFields())) this.fieldNames.add(name);
    }
    this.underscores = Math.max(0, ...[...this.fieldNames].map(underscoresOf));
  }

  /** A beginning for keys that neither the schema nor the operation has a name with: the planner's selections keep apart. */
  unusedPrefix(document: DocumentNode): string {
    let longest = this.underscores;
    visit(document, {
      enter: (node) => {
        if (node.kind === Kind.NAME) longest = Math.max(longest, underscoresOf(node.value));
      },
    });
    return `${'_'.repeat(longest + 1)}client_`;
  }

  /** Whether the data of this selection must be planned under a name of its own. */
  collides(fieldName: string, responseName: string): boolean {
    if (responseName in Object.prototype) return true;
    if (responseName === fieldName) return false;
    return responseName === '__typename' || plannersAlias.test(responseName) || this.fieldNames.has(responseName);
  }
}

const underscoresOf = (name: string): number => /^(_*)client_/.exec(name)?.[1]?.length ?? 0;

/** What the planner calls fields that a subgraph cannot answer under one name. */
const plannersAlias = /__alias_\d+$/;
