import type { FetchNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

const representations = 'representations';

/** The fields that a fetch selects on its entities, with the type of the fragment around them. */
export function entityFields(document: DocumentNode): { field: FieldNode; type: string | undefined }[] {
  const found: { field: FieldNode; type: string | undefined }[] = [];
  const collect = ({ selections }: SelectionSetNode, type: string | undefined): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      } else if (selection.kind === Kind.FIELD && selection.name.value !== '__typename') {
        found.push({ field: selection, type });
      }
    }
  };
  const entities = entitiesOf(operationOf(document));
  if (entities?.selectionSet) collect(entities.selectionSet, undefined);
  return found;
}

/** The same fetch with some of its entity fields, and the variables that they use; undefined without any. */
export function retainFields(
  document: DocumentNode,
  keep: (field: FieldNode) => boolean,
): Pick<FetchNode, 'operation' | 'variableUsages'> | undefined {
  const chosen = new Set(
    entityFields(document)
      .map(({ field }) => field)
      .filter(keep),
  );
  if (chosen.size === 0) return undefined;
  const others = new Set(
    entityFields(document)
      .map(({ field }) => field)
      .filter((field) => !chosen.has(field)),
  );
  const reduced: DocumentNode = visit(document, {
    enter: (node) => (node.kind === Kind.FIELD && others.has(node) ? null : undefined),
    leave: (node) =>
      node.kind === Kind.INLINE_FRAGMENT && node.selectionSet.selections.length === 0 ? null : undefined,
  });
  const used = new Set<string>();
  visit(operationOf(reduced).selectionSet, {
    enter: (node) => {
      if (node.kind === Kind.VARIABLE) used.add(node.name.value);
    },
  });
  const operation = visit(reduced, {
    enter: (node) => (node.kind === Kind.VARIABLE_DEFINITION && !used.has(node.variable.name.value) ? null : undefined),
  });
  used.delete(representations);
  return { operation: stripIgnoredCharacters(print(operation)), variableUsages: [...used] };
}

function operationOf({ definitions }: DocumentNode): OperationDefinitionNode {
  return definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
}

const entitiesOf = ({ selectionSet }: OperationDefinitionNode): FieldNode | undefined =>
  selectionSet.selections.find(
    (selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value === '_entities',
  );
