import { type ASTVisitor, GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';

type Visit = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The rule, whose failures are mistakes of the document: what it throws while it looks at one refuses it, and names the rule. A rule
 * that stops by itself (too many mistakes, a stack that is exhausted) does so as before.
 */
export function caught(rule: ValidationRule): ValidationRule {
  const name = rule.name || 'A rule';
  const named = {
    [name]: (context: ValidationContext): ASTVisitor => {
      const guard = (visit: Visit): Visit =>
        function (this: unknown, ...args) {
          try {
            return visit.apply(this, args);
          } catch (error) {
            if (!isFailure(error)) throw error;
            context.reportError(refusal(name, error));
            return undefined;
          }
        };
      const guarded = (visitor: object): object =>
        Object.fromEntries(
          Object.entries(visitor).map(([key, value]) => [
            key,
            typeof value === 'function' ? guard(value as Visit) : guarded(value as object),
          ]),
        );
      return guarded(rule(context)) as ASTVisitor;
    },
  };
  return named[name] as ValidationRule;
}

const isFailure = (error: unknown): error is Error =>
  error instanceof Error && !(error instanceof RangeError) && error.message !== ABORTED;

/** How GraphQL.js ends a validation that has found or done enough: an error of its own that it tells by identity. */
const ABORTED = 'Validation aborted.';

function refusal(rule: string, error: Error): GraphQLError {
  const { nodes } = error as Partial<GraphQLError>;
  const reason = error instanceof GraphQLError ? error.message : 'it failed';
  return new GraphQLError(`${rule} cannot be held against this document: ${reason}`, { nodes, originalError: error });
}
