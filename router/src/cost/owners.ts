import { type DirectiveNode, type GraphQLSchema, isEnumType, isInterfaceType, isObjectType } from 'graphql';
import { argumentsOf } from './directive-names.js';

/** Which subgraphs can answer a field, as composition wrote it down. */
export class Owners {
  /** Subgraphs by the name that the supergraph has for them. */
  private readonly graphs = new Map<string, string>();

  constructor(private readonly schema: GraphQLSchema) {
    const graphs = schema.getType('join__Graph');
    for (const { name, astNode } of isEnumType(graphs) ? graphs.getValues() : []) {
      const [graph] = directives(astNode?.directives, 'join__graph');
      this.graphs.set(name, String(graph?.name ?? name));
    }
  }

  /** The subgraph that a field is counted for: its only one, else the one that its object came from, if that has it, else the first. */
  of(typeName: string, fieldName: string, parent: string | undefined): string | undefined {
    const type = this.schema.getType(typeName);
    if (!isObjectType(type) && !isInterfaceType(type)) return parent;
    const fields = directives(type.getFields()[fieldName]?.astNode?.directives, 'join__field');
    const places = fields.length > 0 ? fields : directives(type.astNode?.directives, 'join__type');
    const able = places.flatMap(({ graph, external }) =>
      graph === undefined || external === true ? [] : (this.graphs.get(String(graph)) ?? []),
    );
    return parent !== undefined && able.includes(parent) ? parent : (able[0] ?? parent);
  }
}

const directives = (nodes: readonly DirectiveNode[] = [], name: string): Record<string, unknown>[] =>
  nodes.filter((node) => node.name.value === name).map(argumentsOf);
