import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Answers `... on Condition` for the type names found in data. */
export class TypeConditions {
  constructor(private readonly schema: GraphQLSchema) {}

  includes(condition: string, typeName: string): boolean {
    if (condition === typeName) return true;
    const abstract = this.schema.getType(condition);
    const type = this.schema.getType(typeName);
    return (
      isAbstractType(abstract) && (isObjectType(type) || isInterfaceType(type)) && this.schema.isSubType(abstract, type)
    );
  }

  isAbstract(typeName: unknown): boolean {
    return typeof typeName === 'string' && isAbstractType(this.schema.getType(typeName));
  }
}
