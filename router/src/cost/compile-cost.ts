import type { SelectedField, Selection, Variables } from '@platform/federation-engine';
import { LosslessNumber } from '@platform/foundation/json';
import {
  type FieldNode,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  valueFromAST,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { CostNode } from './cost-tree.js';
import { SlicingArgumentRequired } from './errors.js';
import type { Owners } from './owners.js';
import type { ListSize, Weights } from './weights.js';

type OfVariables = (variables: Variables) => number;

/** What a field says of the lists right below it. */
interface Sized {
  readonly fields: readonly string[];
  readonly size: OfVariables;
}

const one: OfVariables = () => 1;

/** Turns the selections of one operation into its cost tree, once. */
export class CostCompiler {
  readonly subgraphs: string[] = [];
  /** Whether two requests for the operation may be estimated differently. */
  dependsOnVariables = false;

  constructor(
    private readonly weights: Weights,
    private readonly owners: Owners,
    /** Of lists that nothing is known of. */
    private readonly listSize: number,
  ) {}

  compile(selections: readonly Selection[], parent?: string, sized?: Sized): CostNode[] {
    return selections.flatMap((selection): CostNode[] => {
      if (selection.conditions.length > 0) this.dependsOnVariables = true;
      if (selection.kind === 'field') return this.field(selection, parent, sized);
      const nested = this.compile(selection.selections, parent, sized);
      const { conditions } = selection;
      return conditions.length === 0
        ? nested
        : nested.map((node) => ({ ...node, conditions: [...node.conditions, ...conditions] }));
    });
  }

  /** A field that costs nothing whatever happens is left out. */
  private field(field: SelectedField, parent: string | undefined, sized: Sized | undefined): CostNode[] {
    const { definition, parentType, conditions, selections = [] } = field;
    if (definition.name.startsWith('__')) return [];
    const listSize = this.weights.listSize(parentType.name, definition.name);
    const owner = this.owners.of(parentType.name, definition.name, parent) ?? '';
    const expected = listSize && this.expected(field, listSize);
    const below =
      expected && listSize.sizedFields.length > 0 ? { fields: listSize.sizedFields, size: expected } : undefined;
    const own = below ? undefined : expected;
    const input = this.input(field);
    const node: CostNode = {
      key: field.dataKey,
      conditions,
      weight: this.weights.ofField(parentType.name, definition.name),
      ...(input && { input }),
      size: this.size(definition.type, sized?.fields.includes(definition.name) ? sized.size : own),
      owner: this.indexOf(owner),
      nested: this.compile(selections, owner, below),
    };
    return node.weight === 0 && !input && node.nested.length === 0 ? [] : [node];
  }

  /** Lists of lists are as long as each of them is expected to be. */
  private size(type: GraphQLOutputType, expected: OfVariables | undefined): OfVariables {
    const levels = listLevels(type);
    if (levels === 0) return one;
    const inner = this.listSize ** (levels - 1);
    const outer = expected ?? (() => this.listSize);
    return (variables) => outer(variables) * inner;
  }

  /** By the slicing arguments that are given, else as `@listSize` assumes. */
  private expected({ node, definition, parentType }: SelectedField, listSize: ListSize): OfVariables {
    const { slicingArguments, assumedSize = this.listSize, requireOneSlicingArgument } = listSize;
    const readers = slicingArguments.map((name) => this.argumentOf(node, definition.args, name));
    const coordinate = `${parentType.name}.${definition.name}`;
    return (variables) => {
      let largest: number | undefined;
      let given = 0;
      for (const read of readers) {
        const argument = read(variables);
        const value = argument instanceof LosslessNumber ? Number(argument) : argument;
        if (typeof value !== 'number') continue;
        given += 1;
        largest = Math.max(largest ?? 0, value);
      }
      if (requireOneSlicingArgument && readers.length > 0 && given !== 1) {
        throw new SlicingArgumentRequired(coordinate, slicingArguments);
      }
      return largest ?? assumedSize;
    };
  }

  private argumentOf(
    node: FieldNode,
    definitions: SelectedField['definition']['args'],
    name: string,
  ): (variables: Variables) => unknown {
    const definition = definitions.find((one) => one.name === name);
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (!definition || !given) return () => definition?.defaultValue;
    if (this.readsVariables(given)) {
      return (variables) => {
        const value = valueFromAST(given, definition.type, variables);
        return value === undefined ? definition.defaultValue : value;
      };
    }
    const value = valueFromAST(given, definition.type);
    return () => value;
  }

  private input({ node, definition, parentType }: SelectedField): OfVariables | undefined {
    const readers = (node.arguments ?? []).flatMap(({ name, value }): OfVariables[] => {
      const argument = definition.args.find((one) => one.name === name.value);
      if (!argument || !this.weights.isWeighty(parentType.name, definition.name, name.value)) return [];
      const weigh = (given: unknown) =>
        this.weights.ofArgument(parentType.name, definition.name, name.value, argument.type, given);
      if (this.readsVariables(value)) return [(variables) => weigh(valueFromASTUntyped(value, variables))];
      const weight = weigh(valueFromASTUntyped(value));
      return [() => weight];
    });
    if (readers.length === 0) return undefined;
    return (variables) => readers.reduce((sum, read) => sum + read(variables), 0);
  }

  private readsVariables(value: NonNullable<FieldNode['arguments']>[number]['value']): boolean {
    let found = false;
    visit(value, {
      Variable() {
        found = true;
      },
    });
    this.dependsOnVariables ||= found;
    return found;
  }

  private indexOf(subgraph: string): number {
    const known = this.subgraphs.indexOf(subgraph);
    return known >= 0 ? known : this.subgraphs.push(subgraph) - 1;
  }
}

function listLevels(type: GraphQLOutputType): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + listLevels(nullable.ofType) : 0;
}
