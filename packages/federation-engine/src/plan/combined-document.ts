import {
  type DefinitionNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
} from 'graphql';

interface CombinedDocument {
  readonly query: string;
  readonly aliases: readonly string[];
  readonly representations: readonly string[];
}

/**
 * One operation that makes the `_entities` selections of several, each under an alias and with representations of its
 * own. Everything else they share: their variables are the client's, and the same in each.
 */
export function combinedDocument(queries: readonly string[]): CombinedDocument {
  const aliases = queries.map((_, index) => `_${index}`);
  const representations = queries.map((_, index) => `representations_${index}`);
  const variables = new Map<string, VariableDefinitionNode>();
  const fragments = new Fragments();
  const selections: SelectionNode[] = [];
  let operation: OperationDefinitionNode | undefined;

  queries.forEach((query, index) => {
    const representation = representations[index] as string;
    for (const definition of fragments.settled(parse(query, { noLocation: true }).definitions)) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const renamed = visit(definition, {
        [Kind.VARIABLE]: (node: VariableNode) =>
          node.name.value === 'representations' ? { ...node, name: named(representation) } : undefined,
      });
      operation ??= renamed;
      for (const variable of renamed.variableDefinitions ?? []) variables.set(variable.variable.name.value, variable);
      for (const selection of renamed.selectionSet.selections) {
        selections.push(
          selection.kind === Kind.FIELD ? { ...selection, alias: named(aliases[index] as string) } : selection,
        );
      }
    }
  });

  const combined: DefinitionNode[] = operation
    ? [
        {
          ...operation,
          variableDefinitions: [...variables.values()],
          selectionSet: { kind: Kind.SELECTION_SET, selections },
        },
        ...fragments.all(),
      ]
    : [];
  return {
    query: stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: combined })),
    aliases,
    representations,
  };
}

/** Fragments of several documents: those that are alike are kept once, others of the same name get a new one. */
class Fragments {
  private readonly byName = new Map<string, { text: string; node: FragmentDefinitionNode }>();

  settled(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
    const renamed = new Map<string, string>();
    const own = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    const clashing = own.some((node) => {
      const known = this.byName.get(node.name.value);
      return known !== undefined && known.text !== print(node);
    });
    if (clashing) for (const { name } of own) renamed.set(name.value, this.unused(name.value));
    const settle = <T extends DefinitionNode>(node: T): T =>
      visit(node, {
        [Kind.FRAGMENT_SPREAD]: (spread: FragmentSpreadNode) => {
          const name = renamed.get(spread.name.value);
          return name === undefined ? undefined : { ...spread, name: named(name) };
        },
        [Kind.FRAGMENT_DEFINITION]: {
          leave: (fragment: FragmentDefinitionNode) => {
            const name = renamed.get(fragment.name.value);
            return name === undefined ? undefined : { ...fragment, name: named(name) };
          },
        },
      });
    const settled = definitions.map(settle);
    for (const node of settled) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.byName.set(node.name.value, { text: print(node), node });
    }
    return settled;
  }

  all(): FragmentDefinitionNode[] {
    return [...this.byName.values()].map(({ node }) => node);
  }

  private unused(name: string): string {
    let candidate = name;
    for (let count = 1; this.byName.has(candidate); count++) candidate = `${name}_${count}`;
    return candidate;
  }
}

const named = (value: string) => ({ kind: Kind.NAME, value }) as const;
