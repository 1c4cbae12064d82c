import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import type { RequiresFields } from '../schema/requires-directives.js';

/** A field with a `@requires`, at one place of one fetch. */
export interface FieldOccurrence {
  readonly subgraph: string;
  readonly type: string;
  /** Response names from the root of the data to its object. */
  readonly path: readonly string[];
  readonly node: FieldNode;
  /** The fields beside it. */
  readonly beside: ReadonlySet<string>;
  /** Whether its requirements are there when it is asked for: in the representation, or provided beside it. */
  readonly ready: boolean;
}

/** Every field of a fetch with a `@requires`. */
export function requiringFields(
  fetch: FetchNode,
  path: readonly string[],
  requiresFields: RequiresFields,
): FieldOccurrence[] {
  const found: FieldOccurrence[] = [];
  const represented = new Set(outermost(fetch.requires ?? []));
  const collect = (set: SelectionSetNode, type: string | undefined, at: readonly string[], depth: number): void => {
    const beside = new Set(fieldNames(set));
    for (const node of set.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        collect(node.selectionSet, node.typeCondition?.name.value ?? type, at, depth);
      } else if (node.kind === Kind.FIELD) {
        const { value: name } = node.name;
        const needs = type === undefined ? none : requiresFields.exactly(fetch.serviceName, type, name);
        if (type !== undefined && needs.size > 0) {
          const ready = [...needs].every((need) => beside.has(need) || (depth === 0 && represented.has(need)));
          found.push({ subgraph: fetch.serviceName, type, path: at, node, beside, ready });
        }
        const below = [...at, node.alias?.value ?? name];
        if (node.selectionSet) collect(node.selectionSet, requiresFields.typeOf(type, name), below, depth + 1);
      }
    }
  };
  const { selectionSet } = operationOf(fetch);
  const [entities] = selectionSet.selections;
  if (!fetch.requires) collect(selectionSet, rootTypes[fetch.operationKind], path, 1);
  else if (entities?.kind === Kind.FIELD && entities.selectionSet) collect(entities.selectionSet, undefined, path, 0);
  return found;
}

/** Where a fetch finds what it requires: paths from the root of the data, each as one text. */
export function requiredPaths(fetch: FetchNode, path: readonly string[]): string[] {
  const collect = (selections: readonly QueryPlanSelectionNode[], at: string): string[] =>
    selections.flatMap((selection) => {
      if (selection.kind === 'InlineFragment') return collect(selection.selections, at);
      const here = `${at}.${selection.name}`;
      return [here, ...collect(selection.selections ?? [], here)];
    });
  return collect(fetch.requires ?? [], path.join('.'));
}

const none: ReadonlySet<string> = new Set();

const rootTypes = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };

const operationOf = ({ operation }: FetchNode): OperationDefinitionNode =>
  parse(operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;

const fieldNames = ({ selections }: SelectionSetNode): string[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldNames(selection.selectionSet);
    return selection.kind === Kind.FIELD ? [selection.name.value] : [];
  });

const outermost = (selections: readonly QueryPlanSelectionNode[]): string[] =>
  selections.flatMap((selection) => (selection.kind === 'Field' ? [selection.name] : outermost(selection.selections)));
