import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

const META_FIELDS = new Set(['__schema', '__type', '__typename']);

/** Whether every operation of the document asks for nothing but the schema: no subgraph ever hears of it. */
export const selectsIntrospectionOnly = ({ definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION && selectsMetaFields(definition.selectionSet)),
  );

/** At the root a spread could hide anything: it counts as a field. */
const selectsMetaFields = ({ selections }: SelectionSetNode): boolean =>
  selections.every((selection) => selection.kind === Kind.FIELD && META_FIELDS.has(selection.name.value));
