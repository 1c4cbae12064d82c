import { type DefinitionNode, type DocumentNode, print } from 'graphql';

/** One text for all documents that mean the same: comments, white space and the order of definitions do not count. */
export const normalised = ({ kind, definitions }: DocumentNode): string =>
  print({ kind, definitions: [...definitions].sort(byName) });

const byName = (one: DefinitionNode, other: DefinitionNode): number => {
  const [left, right] = [nameOf(one), nameOf(other)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const nameOf = (definition: DefinitionNode): string =>
  'name' in definition && definition.name ? `${definition.kind} ${definition.name.value}` : definition.kind;
