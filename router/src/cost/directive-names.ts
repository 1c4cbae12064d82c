import { type DirectiveNode, type GraphQLSchema, Kind, valueFromASTUntyped } from 'graphql';

const COST_SPEC = /^https:\/\/specs\.apollo\.dev\/cost\/v0\./;

/** What a supergraph calls the directives of the cost specification; undefined where it does not use one. https://specs.apollo.dev/cost/v0.1 */
export function costDirectiveNames({ astNode, extensionASTNodes = [] }: GraphQLSchema): {
  readonly cost: string | undefined;
  readonly listSize: string | undefined;
} {
  for (const node of [astNode, ...extensionASTNodes]) {
    for (const directive of node?.directives ?? []) {
      const { url, as = 'cost', import: imports = [] } = argumentsOf(directive);
      if (typeof url !== 'string' || !COST_SPEC.test(url)) continue;
      const imported = new Map((imports as (string | Import)[]).map(nameOf));
      return {
        cost: imported.get('@cost') ?? String(as),
        listSize: imported.get('@listSize') ?? `${as}__listSize`,
      };
    }
  }
  return { cost: undefined, listSize: undefined };
}

interface Import {
  readonly name: string;
  readonly as?: string;
}

const nameOf = (entry: string | Import): [string, string] => {
  const { name, as = name }: Import = typeof entry === 'string' ? { name: entry } : entry;
  return [name, as.slice(1)];
};

/** The arguments of a directive as plain values. */
export function argumentsOf({ arguments: given = [] }: DirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, value.kind === Kind.NULL ? undefined : valueFromASTUntyped(value)]),
  );
}
