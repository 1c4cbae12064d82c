import {
  type DocumentNode,
  executeSync,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { DerivedCache } from './operation/derived-cache.js';
import { introspectionSelections } from './operation/planning-document.js';
import type { Selection } from './operation/selection-tree.js';
import type { Variables } from './operation/variables.js';

export interface IntrospectionAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphQLFormattedError[];
}

/** The introspection part of one operation, answered by graphql-js from the schema alone. */
export class Introspection {
  private readonly dependsOnVariables: boolean;
  private readonly owner: string;

  private constructor(
    private readonly document: DocumentNode,
    private readonly derived: DerivedCache,
  ) {
    this.owner = derived.newOwner();
    this.dependsOnVariables = usesVariables(document);
  }

  /** Undefined when the operation does not introspect. */
  static of(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    tree: readonly Selection[],
    derived: DerivedCache,
  ): Introspection | undefined {
    const selections = introspectionSelections(tree);
    if (selections.length === 0) return undefined;
    const definition = {
      ...operation,
      directives: [],
      selectionSet: { kind: Kind.SELECTION_SET, selections },
    } as const;
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    return new Introspection({ kind: Kind.DOCUMENT, definitions: [definition, ...fragments] }, derived);
  }

  /** @param schema what the caller may see of the API. */
  answer(schema: GraphQLSchema, variableValues: Variables): IntrospectionAnswer {
    if (this.dependsOnVariables) return this.execute(schema, variableValues);
    return this.derived.remember(`introspection ${this.owner} ${numberOf(schema)}`, () => {
      const value = this.execute(schema, variableValues);
      return { value, weight: JSON.stringify(value.data).length * PER_CHARACTER };
    });
  }

  private execute(schema: GraphQLSchema, variableValues: Variables): IntrospectionAnswer {
    const { data, errors = [] } = executeSync({ schema, document: this.document, variableValues });
    return { data: data ?? {}, errors: errors.map((error) => error.toJSON()) };
  }
}

/** What an answer takes in memory for each character of its JSON, in bytes. */
const PER_CHARACTER = 10;

const numbers = new WeakMap<GraphQLSchema, number>();
let lastNumber = 0;

/** Tells schemas apart in keys. */
function numberOf(schema: GraphQLSchema): number {
  const number = numbers.get(schema) ?? ++lastNumber;
  numbers.set(schema, number);
  return number;
}

function usesVariables(document: DocumentNode): boolean {
  let found = false;
  const selections = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : definition,
  );
  for (const node of selections) {
    visit(node, {
      Variable() {
        found = true;
      },
    });
  }
  return found;
}
