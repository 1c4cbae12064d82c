import {
  __InputValue,
  type ConstValueNode,
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  type InputValueDefinitionNode,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  print,
  valueFromAST,
  visit,
} from 'graphql';

type Input = GraphQLArgument | GraphQLInputField;

/** Default values by `Type.field`, `Type.field(argument:)` or `@directive(argument:)`, as SDL writes them: printed anew, numbers would be doubles. */
export class WrittenDefaults {
  private readonly values = new Map<string, ConstValueNode>();

  constructor(document: DocumentNode) {
    inputsOf(document, (coordinate, { defaultValue }) => {
      if (defaultValue) this.values.set(coordinate, defaultValue);
    });
  }

  get(coordinate: string): ConstValueNode | undefined {
    return this.values.get(coordinate);
  }

  /** In the order of the document. */
  [Symbol.iterator](): Iterator<[coordinate: string, value: ConstValueNode]> {
    return this.values.entries();
  }

  /** Changes the schema: its defaults of custom scalars and input objects become these, for who reads values and who introspects. */
  setIn(schema: GraphQLSchema): void {
    const settled = new Set<unknown>();
    const set = (coordinate: string, input: Input): void => {
      const type = getNamedType(input.type);
      if (isInputObjectType(type)) setFields(type.name);
      else if (!isScalarType(type) || isSpecifiedScalarType(type)) return;
      const written = this.get(coordinate) ?? input.astNode?.defaultValue;
      if (!written) return;
      input.defaultValue = valueFromAST(written, input.type);
      texts.set(input, print(written));
    };
    const setFields = (name: string): void => {
      const type = schema.getType(name);
      if (settled.has(type) || !isInputObjectType(type)) return;
      settled.add(type);
      for (const field of Object.values(type.getFields())) set(`${name}.${field.name}`, field);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      setFields(type.name);
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields()))
        for (const argument of field.args) set(`${type.name}.${field.name}(${argument.name}:)`, argument);
    }
    for (const directive of schema.getDirectives())
      for (const argument of directive.args) set(`@${directive.name}(${argument.name}:)`, argument);
  }
}

/** The document of a schema that was built from one. */
export function documentOf(schema: GraphQLSchema): DocumentNode {
  const elements = [schema, ...schema.getDirectives(), ...Object.values(schema.getTypeMap())];
  return {
    kind: Kind.DOCUMENT,
    definitions: elements.flatMap((element) => [
      ...(element.astNode ? [element.astNode] : []),
      ...('extensionASTNodes' in element ? element.extensionASTNodes : []),
    ]),
  };
}

function inputsOf(document: DocumentNode, see: (coordinate: string, node: InputValueDefinitionNode) => void): void {
  let type = '';
  let field: string | undefined;
  const named = ({ name }: { readonly name: { readonly value: string } }): void => {
    type = name.value;
  };
  visit(document, {
    ObjectTypeDefinition: named,
    ObjectTypeExtension: named,
    InterfaceTypeDefinition: named,
    InterfaceTypeExtension: named,
    InputObjectTypeDefinition: named,
    InputObjectTypeExtension: named,
    DirectiveDefinition: {
      enter({ name }) {
        type = `@${name.value}`;
        field = '';
      },
      leave() {
        field = undefined;
      },
    },
    FieldDefinition: {
      enter({ name }) {
        field = `.${name.value}`;
      },
      leave() {
        field = undefined;
      },
    },
    InputValueDefinition(node) {
      const { value } = node.name;
      see(field === undefined ? `${type}.${value}` : `${type}${field}(${value}:)`, node);
    },
  });
}

const texts = new WeakMap<object, string>();

/** graphql-js prints a default from its value: it changes large numbers, and throws at lists and objects of custom scalars. */
const { defaultValue } = __InputValue.getFields() as { defaultValue: GraphQLField<Input, unknown> };
const { resolve: printed } = defaultValue;
defaultValue.resolve = (input, ...rest) => texts.get(input) ?? printed?.(input, ...rest);
