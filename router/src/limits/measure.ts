import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limit } from './errors.js';
import { textLengthsOf } from './text-lengths.js';

/** How large a document is in every respect that is bounded. */
export type Measures = Readonly<Record<Limit, number>>;

type Mutable = Record<Limit, number>;

const nothing = (): Mutable => ({
  depth: 0,
  height: 0,
  aliases: 0,
  rootFields: 0,
  directives: 0,
  fragments: 0,
  fields: 0,
  duplicateFields: 0,
  characters: 0,
  maxStringLength: 0,
  maxNameLength: 0,
});

/**
 * Measures the largest operation of a document with its fragments expanded, without expanding them: each fragment is measured
 * once, however often it is spread. Works on documents that have not been validated.
 */
export function measure(document: DocumentNode): Measures {
  const measurer = new Measurer(document);
  const largest = nothing();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const measures = measurer.operation(definition);
    for (const limit of Object.keys(largest) as Limit[]) largest[limit] = Math.max(largest[limit], measures[limit]);
  }
  return { ...largest, ...textLengthsOf(document) };
}

class Measurer {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly measured = new Map<string, Measures>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  operation({ directives = [], selectionSet }: OperationDefinitionNode): Measures {
    const measures = this.selections(selectionSet);
    measures.directives += directives.length;
    return measures;
  }

  private selections({ selections }: SelectionSetNode): Mutable {
    const sum = nothing();
    const seen = new Set<string>();
    for (const selection of selections) {
      sum.directives += selection.directives?.length ?? 0;
      sum.characters += ownCharacters(selection);
      if (selection.kind !== Kind.FIELD) {
        sum.fragments += 1;
        const nested =
          selection.kind === Kind.INLINE_FRAGMENT
            ? this.selections(selection.selectionSet)
            : this.fragment(selection.name.value);
        add(sum, nested, nested.depth);
        sum.rootFields += nested.rootFields;
        continue;
      }
      const responseName = (selection.alias ?? selection.name).value;
      sum.fields += 1;
      sum.rootFields += 1;
      if (selection.alias) sum.aliases += 1;
      if (seen.has(responseName)) sum.duplicateFields += 1;
      else sum.height += 1;
      seen.add(responseName);
      if (selection.selectionSet) {
        const nested = this.selections(selection.selectionSet);
        add(sum, nested, 1 + nested.depth);
      } else {
        sum.depth = Math.max(sum.depth, 1);
      }
    }
    return sum;
  }

  /** A fragment that spreads itself, or does not exist, is nothing here; validation refuses it. */
  private fragment(name: string): Measures {
    const known = this.measured.get(name);
    if (known) return known;
    const definition = this.fragments.get(name);
    if (!definition) return nothing();
    this.measured.set(name, nothing());
    const measures = this.selections(definition.selectionSet);
    measures.directives += definition.directives?.length ?? 0;
    this.measured.set(name, measures);
    return measures;
  }
}

function add(sum: Mutable, nested: Measures, depth: number): void {
  sum.depth = Math.max(sum.depth, depth);
  sum.height += nested.height;
  sum.aliases += nested.aliases;
  sum.directives += nested.directives;
  sum.fragments += nested.fragments;
  sum.fields += nested.fields;
  sum.duplicateFields += nested.duplicateFields;
  sum.characters += nested.characters;
}

/** Of the selection without those within it. */
function ownCharacters(selection: SelectionNode): number {
  const nested = 'selectionSet' in selection ? selection.selectionSet : undefined;
  return lengthOf(selection) - lengthOf(nested);
}

const lengthOf = (node: ASTNode | undefined): number => (node?.loc ? node.loc.end - node.loc.start : 0);
