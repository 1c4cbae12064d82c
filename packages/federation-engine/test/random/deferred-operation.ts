import { type ASTNode, type DirectiveNode, Kind, parse, print, visit } from 'graphql';
import { type RandomOperation, randomNumbers } from './random-operation.js';

/** Puts `@defer` on some fragments of an operation, on some of them under a condition. The same seed chooses the same ones. */
export function deferred({ query, variables }: RandomOperation, seed: number): RandomOperation {
  const draw = randomNumbers(seed);
  const document = parse(query);
  const declared = [...query.matchAll(/\$(c\d)\b/g)].map(([, name]) => name as string);
  let label = 0;
  const directive = (): DirectiveNode => {
    const condition = declared.length > 0 && draw(4) === 0 ? `if: $${declared[draw(declared.length)]}, ` : '';
    return directiveOf(`@defer(${condition}label: "d${label++}")`);
  };
  let operation = false;
  const withDefer = (node: ASTNode & { readonly directives?: readonly DirectiveNode[] }) =>
    operation && draw(2) === 0 ? { ...node, directives: [...(node.directives ?? []), directive()] } : undefined;
  const changed = visit(document, {
    enter: (node) => {
      if (node.kind === Kind.OPERATION_DEFINITION) operation = true;
      // Variables are those of the one operation, so fragments may use them as well.
      if (node.kind === Kind.INLINE_FRAGMENT || node.kind === Kind.FRAGMENT_SPREAD) return withDefer(node);
      return undefined;
    },
  });
  return { query: print(changed), variables };
}

/** The operation without what is deferred: what is answered first. */
export function primaryOf({ query, variables }: RandomOperation): string {
  const isDeferred = ({ name, arguments: given }: DirectiveNode) => {
    const condition = given?.find((argument) => argument.name.value === 'if')?.value;
    return name.value === 'defer' && (condition?.kind !== Kind.VARIABLE || variables[condition.name.value] === true);
  };
  const skipped = directiveOf('@skip(if: true)');
  return print(
    visit(parse(query), {
      // What uses the variables stays, so that the operation stays valid.
      leave: (node) =>
        (node.kind === Kind.INLINE_FRAGMENT || node.kind === Kind.FRAGMENT_SPREAD) && node.directives?.some(isDeferred)
          ? {
              kind: Kind.INLINE_FRAGMENT,
              directives: [skipped],
              selectionSet: { kind: Kind.SELECTION_SET, selections: [node] },
            }
          : undefined,
    }),
  );
}

function directiveOf(text: string): DirectiveNode {
  const [operation] = parse(`{ a ${text} }`, { noLocation: true }).definitions;
  const field = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined;
  return field?.directives?.[0] as DirectiveNode;
}
