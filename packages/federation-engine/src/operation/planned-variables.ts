import { type DocumentNode, Kind, visit } from 'graphql';

/** Plans have variables of their own for representations and for arguments from contexts. What others are called instead is kept free as well. */
const generated = /^(client_)*(representations|contextualArgument)/;

/** What plans call a client's variable: a name that none of their own begins with, and another one for each. */
const plannedName = (name: string): string => `client_${name}`;

/** The operation with the variables of a plan: none of the client's is taken for one of the plan's own. */
export function withPlannedVariables(document: DocumentNode): DocumentNode {
  const declared = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : [],
  );
  if (!declared.some(({ variable }) => generated.test(variable.name.value))) return document;
  return visit(document, {
    enter: (node) =>
      node.kind === Kind.VARIABLE && generated.test(node.name.value)
        ? { ...node, name: { kind: Kind.NAME, value: plannedName(node.name.value) } }
        : undefined,
  });
}

/** The values of such variables under the names that plans give them. */
export const underPlannedNames = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (generated.test(name) ? [[plannedName(name), value]] : [])),
  );
