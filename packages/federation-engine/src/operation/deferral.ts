import { type DirectiveNode, Kind } from 'graphql';

/** A fragment with `@defer`, at one place of the operation. */
export interface Deferral {
  /** What the plan calls it. The client's labels are the client's affair. */
  readonly id: string;
  readonly label: string | undefined;
  /** The variable that decides whether it is deferred; undefined when it always is. */
  readonly variable: string | undefined;
  /** The nearest fragment with `@defer` that it stands in. */
  readonly around: Deferral | undefined;
}

/** Which fragments with `@defer` are delivered apart. */
export type IsDeferred = (deferral: Deferral) => boolean;

/** For clients that take one answer. */
export const nothingDeferred: IsDeferred = () => false;

/** The deferral and those around it, innermost first. */
export function enclosing(deferral: Deferral | undefined): Deferral[] {
  const chain: Deferral[] = [];
  for (let each = deferral; each; each = each.around) chain.push(each);
  return chain;
}

/** What the directives of a fragment say; undefined without `@defer`, and where a literal switches it off. */
export function deferralOf(
  directives: readonly DirectiveNode[] = [],
  id: string,
  around: Deferral | undefined,
): Deferral | undefined {
  const given = directives.find(({ name }) => name.value === 'defer')?.arguments;
  if (!given) return undefined;
  const argument = (wanted: string) => given.find(({ name }) => name.value === wanted)?.value;
  const condition = argument('if');
  if (condition?.kind === Kind.BOOLEAN && !condition.value) return undefined;
  const label = argument('label');
  return {
    id,
    label: label?.kind === Kind.STRING ? label.value : undefined,
    variable: condition?.kind === Kind.VARIABLE ? condition.name.value : undefined,
    around,
  };
}
