import {
  type DocumentNode,
  executeSync,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { introspectionSelections } from './operation/planning-document.js';
import type { Selection } from './operation/selection-tree.js';
import type { Variables } from './operation/variables.js';

export interface IntrospectionAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly GraphQLFormattedError[];
}

/** The introspection part of one operation, answered by graphql-js from the API schema alone. */
export class Introspection {
  private readonly dependsOnVariables: boolean;
  private kept: IntrospectionAnswer | undefined;

  private constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {
    this.dependsOnVariables = usesVariables(document);
  }

  /** Undefined when the operation does not introspect. */
  static of(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    tree: readonly Selection[],
  ): Introspection | undefined {
    const selections = introspectionSelections(tree);
    if (selections.length === 0) return undefined;
    const definition = {
      ...operation,
      directives: [],
      selectionSet: { kind: Kind.SELECTION_SET, selections },
    } as const;
    const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    return new Introspection(schema, { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] });
  }

  answer(variableValues: Variables): IntrospectionAnswer {
    if (this.kept) return this.kept;
    const { data, errors = [] } = executeSync({ schema: this.schema, document: this.document, variableValues });
    const answer = { data: data ?? {}, errors: errors.map((error) => error.toJSON()) };
    if (!this.dependsOnVariables) this.kept = answer;
    return answer;
  }
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
