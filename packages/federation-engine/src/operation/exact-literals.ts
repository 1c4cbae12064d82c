import { LosslessNumber, numberOf } from '@platform/foundation/json';
import {
  type ArgumentNode,
  type DirectiveNode,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';

/** Begins strings that are something else: a number, or a string that begins like this. */
const MARK = '\u0001';
const NUMBER = `${MARK}n`;
const STRING = `${MARK}s`;

/** Both, as they are printed. */
const marked = /"\\u0001(?:n(-?\d[\d.eE+-]*)"|s)/g;

/**
 * The planner makes doubles of all numbers, also of those that a custom scalar takes as they are written. It gets strings
 * instead of those, which become numbers again in what it plans.
 */
export class ExactLiterals {
  constructor(private readonly schema: GraphQLSchema) {}

  inArguments(
    given: readonly ArgumentNode[] | undefined,
    definitions: readonly GraphQLArgument[],
  ): readonly ArgumentNode[] | undefined {
    return changed(given, (argument) => {
      const value = this.inValue(argument.value, definitions.find(({ name }) => name === argument.name.value)?.type);
      return value === argument.value ? argument : { ...argument, value };
    });
  }

  inDirectives(given: readonly DirectiveNode[] | undefined): readonly DirectiveNode[] | undefined {
    return changed(given, (directive) => {
      const own = this.inArguments(directive.arguments, this.schema.getDirective(directive.name.value)?.args ?? []);
      return own === directive.arguments ? directive : { ...directive, arguments: own };
    });
  }

  inDefaults(given: readonly VariableDefinitionNode[] | undefined): readonly VariableDefinitionNode[] | undefined {
    return changed(given, (variable) => {
      if (!variable.defaultValue) return variable;
      const type = typeFromAST(this.schema, variable.type);
      const value = this.inValue(variable.defaultValue, isInputType(type) ? type : undefined);
      return value === variable.defaultValue
        ? variable
        : { ...variable, defaultValue: value as typeof variable.defaultValue };
    });
  }

  private inValue(value: ValueNode, type: GraphQLInputType | undefined): ValueNode {
    switch (value.kind) {
      case Kind.STRING:
        return value.value.startsWith(MARK) ? { ...value, value: STRING + value.value } : value;
      case Kind.INT:
      case Kind.FLOAT: {
        const exact = type && isCustomScalar(type) && numberOf(value.value) instanceof LosslessNumber;
        return exact ? { kind: Kind.STRING, value: NUMBER + value.value } : value;
      }
      case Kind.LIST: {
        const item = type && itemOf(type);
        const values = changed(value.values, (each) => this.inValue(each, item));
        return values === value.values ? value : { ...value, values };
      }
      case Kind.OBJECT: {
        const fields = changed(value.fields, (field) => {
          const own = this.inValue(field.value, type && fieldOf(type, field.name.value));
          return own === field.value ? field : { ...field, value: own };
        });
        return fields === value.fields ? value : { ...value, fields };
      }
      default:
        return value;
    }
  }
}

/** The document of a fetch with the numbers that were strings for the planner. */
export const withExactLiterals = (document: string): string =>
  document.includes('"\\u0001') ? document.replace(marked, (_, number: string | undefined) => number ?? '"') : document;

const isCustomScalar = (type: GraphQLInputType): boolean => {
  const named = getNamedType(type);
  return isScalarType(named) && !isSpecifiedScalarType(named);
};

/** Whatever stands in a custom scalar belongs to it. */
const itemOf = (type: GraphQLInputType): GraphQLInputType =>
  isNonNullType(type) ? itemOf(type.ofType) : isListType(type) ? type.ofType : type;

function fieldOf(type: GraphQLInputType, name: string): GraphQLInputType | undefined {
  const named = getNamedType(type);
  return isInputObjectType(named) ? named.getFields()[name]?.type : named;
}

/** The same list, unless something in it changes. */
function changed<List extends readonly unknown[] | undefined>(
  list: List,
  change: (item: NonNullable<List>[number]) => NonNullable<List>[number],
): List {
  let other: unknown[] | undefined;
  list?.forEach((item, index) => {
    const now = change(item);
    if (now === item) return;
    other ??= [...list];
    other[index] = now;
  });
  return (other as unknown as List | undefined) ?? list;
}
