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

/** The introspection part of one operation, answered by graphql-js from the schema alone. */
export class Introspection {
  private readonly dependsOnVariables: boolean;
  private readonly kept = new WeakMap<GraphQLSchema, IntrospectionAnswer>();

  private constructor(private readonly document: DocumentNode) {
    this.dependsOnVariables = usesVariables(document);
  }

  /** Undefined when the operation does not introspect. */
  static of(
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
    return new Introspection({ kind: Kind.DOCUMENT, definitions: [definition, ...fragments] });
  }

  /** @param schema what the caller may see of the API. */
  answer(schema: GraphQLSchema, variableValues: Variables): IntrospectionAnswer {
    const known = this.kept.get(schema);
    if (known) return known;
    const { data, errors = [] } = executeSync({ schema, document: this.document, variableValues });
    const answer = { data: data ?? {}, errors: errors.map((error) => error.toJSON()) };
    if (!this.dependsOnVariables) this.kept.set(schema, answer);
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
