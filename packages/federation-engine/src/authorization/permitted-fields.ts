import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { AuthorizationRules } from '../schema/authorization-rules.js';
import type { Rule } from '../schema/rule.js';

/** Which parts of a schema a caller may select plainly, that is without fragments. */
export interface FieldPermission {
  type(name: string): boolean;
  field(type: string, field: string): boolean;
}

/** What is left of a schema when some rules are not satisfied: a field needs its own, its parent's and its return type's rules, on an interface every implementer's. */
export class PermittedFields implements FieldPermission {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: AuthorizationRules,
    private readonly unsatisfied: ReadonlySet<Rule>,
  ) {}

  type(name: string): boolean {
    return this.all(this.rules.ofType(name));
  }

  field(typeName: string, fieldName: string): boolean {
    const type = this.schema.getType(typeName);
    if (!this.own(typeName, fieldName)) return false;
    if (!isInterfaceType(type)) return true;
    return this.schema.getPossibleTypes(type).every(({ name }) => this.own(name, fieldName));
  }

  private own(typeName: string, fieldName: string): boolean {
    const type = this.schema.getType(typeName);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
    if (!field) return false;
    return (
      this.type(typeName) &&
      this.all(this.rules.ofField(typeName, fieldName)) &&
      this.type(getNamedType(field.type).name)
    );
  }

  private all(rules: readonly Rule[]): boolean {
    return rules.every((rule) => !this.unsatisfied.has(rule));
  }
}
