import { collectSubFields } from '@graphql-tools/utils';
import { type FieldNode, type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';

/** The names of what an operation selects of the object at the field, or of the nodes of the connection: so much has to be read. At a field of an abstract type, of objects of the type `of`. */
export function selectedFields(
  { schema, fragments, variableValues, fieldNodes, returnType }: GraphQLResolveInfo,
  of?: string,
): Set<string> {
  const names = new Set<string>();
  const collect = (type: unknown, nodes: FieldNode[]): void => {
    if (!isObjectType(type)) return;
    const nested = type.name.endsWith('Connection') ? ['nodes', 'edges'] : type.name.endsWith('Edge') ? ['node'] : [];
    for (const selections of collectSubFields(schema, fragments, variableValues, type, nodes).fields.values()) {
      const name = selections[0]?.name.value ?? '';
      if (nested.includes(name)) collect(getNamedType(type.getFields()[name]?.type), selections);
      else if (nested.length === 0) names.add(name);
    }
  };
  collect(of === undefined ? getNamedType(returnType) : schema.getType(of), [...fieldNodes]);
  return names;
}
