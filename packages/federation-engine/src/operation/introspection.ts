import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { DerivedCache } from '../base/derived-cache.js';
import type { Variables } from './variables.js';

/** What one `__schema` or `__type` comes to: JSON text, and errors with paths below the field. */
export interface IntrospectionAnswer {
  readonly text: string;
  readonly errors: readonly (GraphQLFormattedError & { readonly path: readonly (string | number)[] })[];
}

/** What the introspection fields of an operation may refer to. */
export interface IntrospectionContext {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Keeps answers, for as long as there is room. */
  readonly derived: DerivedCache;
}

/**
 * One `__schema` or `__type`, wherever a field of the query type may stand. graphql-js answers it from the schema alone;
 * the object around it has nothing to do with it.
 */
export class IntrospectedField {
  private readonly document: DocumentNode;
  private readonly key: string;
  private readonly dependsOnVariables: boolean;
  private readonly derived: DerivedCache;
  private readonly owner: string;

  /** @param nodes the selections of one response name, whose conditions hold. */
  constructor(nodes: readonly [FieldNode, ...FieldNode[]], { operation, fragments, derived }: IntrospectionContext) {
    const [first] = nodes;
    this.derived = derived;
    this.owner = derived.newOwner();
    this.key = first.name.value;
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
    const field: FieldNode = {
      kind: Kind.FIELD,
      name: first.name,
      arguments: first.arguments,
      selectionSet: { kind: Kind.SELECTION_SET, selections },
    };
    const below = fragmentsBelow(field, fragments);
    const used = variablesOf([field, ...below]);
    this.dependsOnVariables = used.size > 0;
    const definition: OperationDefinitionNode = {
      kind: Kind.OPERATION_DEFINITION,
      operation: OperationTypeNode.QUERY,
      variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)),
      selectionSet: { kind: Kind.SELECTION_SET, selections: [field] },
    };
    this.document = { kind: Kind.DOCUMENT, definitions: [definition, ...below] };
  }

  /** @param schema what the caller may see of the API. */
  answer(schema: GraphQLSchema, variableValues: Variables): IntrospectionAnswer {
    if (this.dependsOnVariables) return this.execute(schema, variableValues);
    return this.derived.remember(`introspection ${this.owner} ${numberOf(schema)}`, () => {
      const value = this.execute(schema, variableValues);
      return { value, weight: value.text.length * PER_CHARACTER };
    });
  }

  private execute(schema: GraphQLSchema, variableValues: Variables): IntrospectionAnswer {
    const { data, errors = [] } = executeSync({ schema, document: this.document, variableValues });
    return {
      text: JSON.stringify(data?.[this.key] ?? null),
      errors: errors.map((error) => {
        const { message, path = [], extensions } = error.toJSON();
        return { message, path: path.slice(1), ...(extensions && { extensions }) };
      }),
    };
  }
}

/** What an answer takes in memory for each character of it, in bytes. */
const PER_CHARACTER = 2;

const numbers = new WeakMap<GraphQLSchema, number>();
let lastNumber = 0;

/** Tells schemas apart in keys. */
function numberOf(schema: GraphQLSchema): number {
  const number = numbers.get(schema) ?? ++lastNumber;
  numbers.set(schema, number);
  return number;
}

/** The fragments that are spread somewhere below the field, in other fragments included. */
function fragmentsBelow(field: FieldNode, all: ReadonlyMap<string, FragmentDefinitionNode>): FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const follow = (node: FieldNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = all.get(name.value);
        if (!fragment || found.has(fragment)) return;
        found.add(fragment);
        follow(fragment);
      },
    });
  };
  follow(field);
  return [...found];
}

function variablesOf(nodes: readonly (FieldNode | FragmentDefinitionNode)[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    visit(node, {
      Variable({ name }) {
        names.add(name.value);
      },
    });
  }
  return names;
}
