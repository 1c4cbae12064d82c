import type { GraphQLSchema } from 'graphql';

/** On whom a mutation acts: changes them, locks, unlocks, deletes or signs them out, or gives or takes a role or a permission. */
export type Target =
  /** The user whose id is in the argument: the caller holds all that this user holds, or is this user. */
  | { readonly kind: 'user'; readonly argument: string }
  /** Those who have the role whose id is in the argument: the caller holds all that anyone holds who loses something. */
  | { readonly kind: 'roleHolders'; readonly argument: string }
  /** The caller, or the owner of the secret that is sent. */
  | { readonly kind: 'self' }
  /** No person. */
  | { readonly kind: 'nobody' };

export const actsOnUser = (argument: string): Target => ({ kind: 'user', argument });
export const actsOnRoleHolders = (argument: string): Target => ({ kind: 'roleHolders', argument });
export const actsOnSelf: Target = { kind: 'self' };
export const actsOnNoUser: Target = { kind: 'nobody' };

/** On whom each mutation of a subgraph acts; a mutation that is not named keeps the subgraph from starting. */
export type Targets = Readonly<Record<string, Target>>;

/** Holds a schema to its declaration, so that nobody adds a mutation without saying on whom it acts. @throws Error that names each mistake */
export function assertTargetsDeclared(schema: GraphQLSchema, targets: Targets): void {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  const mistakes = Object.values(mutations).flatMap(({ name, args }) => {
    const target = targets[name];
    if (!target) return [`Mutation.${name} does not declare on whom it acts`];
    if (!('argument' in target) || args.some((argument) => argument.name === target.argument)) return [];
    return [`Mutation.${name} has no argument ${target.argument}`];
  });
  const stale = Object.keys(targets).filter((name) => !Object.hasOwn(mutations, name));
  mistakes.push(...stale.map((name) => `Mutation.${name} is declared and does not exist`));
  if (mistakes.length > 0) throw new Error(mistakes.join('; '));
}
