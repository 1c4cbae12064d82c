import type { GraphQLFormattedError } from 'graphql';
import type { Deferral } from '../operation/deferral.js';
import type { Condition, SelectedField, Selection } from '../operation/selection-tree.js';
import type { Rule, RuleKind } from '../schema/rule.js';
import { type AuthorizationContext, missingFor } from './authorization-context.js';

/** A rule that the caller does not satisfy: they may not, or nobody can say right now whether they may. */
export type AuthorizationOutcome = 'unauthorized' | 'undecided';

export type Unsatisfied = ReadonlyMap<Rule, AuthorizationOutcome>;

/** A selection the caller may not have, with the first rule that says so. What is below it is not judged. */
export interface UnauthorizedSelection {
  readonly rule: Rule;
  readonly outcome: AuthorizationOutcome;
  /** From the root, without list indexes: they are known only once the parents are answered. */
  readonly path: readonly string[];
  /** Conditions on the way: a selection that is skipped is not refused. */
  readonly conditions: readonly Condition[];
  /** The nearest fragment with `@defer` around it. */
  readonly deferral: Deferral | undefined;
}

export type UnauthorizedSelections = ReadonlyMap<SelectedField, UnauthorizedSelection>;

/** Every outermost selection that an unsatisfied rule forbids. */
export function unauthorizedSelections(
  selections: readonly Selection[],
  unsatisfied: Unsatisfied,
): UnauthorizedSelections {
  const unauthorized = new Map<SelectedField, UnauthorizedSelection>();
  if (unsatisfied.size > 0) judge(selections, unsatisfied, [], [], undefined, unauthorized);
  return unauthorized;
}

/** Every rule that the operation touches, once each. */
export function rulesTouched(selections: readonly Selection[], rules = new Set<Rule>()): ReadonlySet<Rule> {
  for (const selection of selections) {
    if (selection.kind === 'field') for (const rule of selection.rules) rules.add(rule);
    if (selection.selections) rulesTouched(selection.selections, rules);
  }
  return rules;
}

const UNDECIDED = 'Whether you may have this cannot be found out right now. Try again in a moment.';

/** The error that stands for one refused path. What could not be decided is not refused: it is SERVICE_UNAVAILABLE. */
export function authorizationError(
  { rule, outcome }: UnauthorizedSelection,
  path: readonly (string | number)[],
  authorization: AuthorizationContext,
): GraphQLFormattedError {
  if (outcome === 'undecided') return { message: UNDECIDED, path, extensions: { code: 'SERVICE_UNAVAILABLE' } };
  const { kind: directive, coordinate } = rule;
  const reason =
    directive === 'authenticated'
      ? { directive, coordinate }
      : { directive, coordinate, missing: missingFor(authorization, rule) };
  return { message: 'Unauthorized field or type', path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason } };
}

function judge(
  selections: readonly Selection[],
  unsatisfied: Unsatisfied,
  path: readonly string[],
  conditions: readonly Condition[],
  deferral: Deferral | undefined,
  unauthorized: Map<SelectedField, UnauthorizedSelection>,
): void {
  for (const selection of selections) {
    const onTheWay = selection.conditions.length === 0 ? conditions : [...conditions, ...selection.conditions];
    if (selection.kind === 'fragment') {
      judge(selection.selections, unsatisfied, path, onTheWay, selection.deferral ?? deferral, unauthorized);
      continue;
    }
    const here = [...path, selection.responseName];
    const rule = firstUnsatisfied(selection.rules, unsatisfied);
    if (rule) {
      const outcome = unsatisfied.get(rule) as AuthorizationOutcome;
      unauthorized.set(selection, { rule, outcome, path: here, conditions: onTheWay, deferral });
    } else if (selection.selections) judge(selection.selections, unsatisfied, here, onTheWay, deferral, unauthorized);
  }
}

const order: readonly RuleKind[] = ['authenticated', 'requiresScopes', 'policy'];

/** What is refused for certain comes before what is undecided. */
function firstUnsatisfied(rules: readonly Rule[], unsatisfied: Unsatisfied): Rule | undefined {
  const rank = (rule: Rule) => (unsatisfied.get(rule) === 'undecided' ? order.length : order.indexOf(rule.kind));
  let first: Rule | undefined;
  for (const rule of rules) {
    if (unsatisfied.has(rule) && (!first || rank(rule) < rank(first))) first = rule;
  }
  return first;
}
