import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';

/** Labels of `@defer` tell parts apart: they are written out, and no two are the same. */
const deferLabels: ValidationRule = (context) => {
  const known = new Map<string, DirectiveNode>();
  return {
    Directive(node) {
      const label = argumentOf(node, 'label');
      if (!isDefer(node) || !label || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) {
        context.reportError(error('The label of @defer must be a string that is written out.', node));
        return;
      }
      const same = known.get(label.value);
      if (same) context.reportError(error(`The label "${label.value}" of @defer is used more than once.`, same, node));
      else known.set(label.value, node);
    },
  };
};

/** The root fields of a mutation are run one after another, and are answered together. */
const deferOnRoots: ValidationRule = (context) => ({
  Directive(node) {
    const parent = context.getParentType();
    if (isDefer(node) && parent && parent === context.getSchema().getMutationType()) {
      context.reportError(error(`@defer cannot be used on the root mutation type "${parent.name}".`, node));
    }
  },
});

/** Each event of a subscription is answered as a whole, unless a variable may switch `@defer` off. */
const deferInSubscriptions: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    for (const node of defersOf(context, operation)) {
      const condition = argumentOf(node, 'if');
      const off = condition?.kind === Kind.VARIABLE || (condition?.kind === Kind.BOOLEAN && !condition.value);
      if (!off) {
        const message = '@defer is not supported in subscriptions. Switch it off by `if: false`.';
        context.reportError(error(message, node));
      }
    }
  },
});

/** What the specification demands of `@defer`, beyond its definition: https://github.com/graphql/graphql-spec/pull/742 */
export const deferRules: readonly ValidationRule[] = [deferLabels, deferOnRoots, deferInSubscriptions];

function defersOf(context: ValidationContext, operation: OperationDefinitionNode): DirectiveNode[] {
  const found: DirectiveNode[] = [];
  const collect: ASTVisitor = {
    Directive(node) {
      if (isDefer(node)) found.push(node);
    },
  };
  for (const node of [operation, ...context.getRecursivelyReferencedFragments(operation)]) visit(node, collect);
  return found;
}

const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer';

const argumentOf = (node: DirectiveNode, name: string) =>
  node.arguments?.find((argument) => argument.name.value === name)?.value;

const error = (message: string, ...nodes: DirectiveNode[]): GraphQLError => new GraphQLError(message, { nodes });
