import type { Rule } from './rule.js';

/** More alternatives than this are not weighed against each other: the rule then counts as the interface's own. */
const mostAlternatives = 256;

/**
 * Whether an interface has a rule only because composition copied it from implementers, which differ in it. Such a rule
 * demands the sum of all implementers' rules even from a caller who selects one implementer's fragment; implementers
 * are judged one by one instead. A rule that every implementer implies stays: it keeps nothing back that is permitted.
 */
export function isCopiedFromSome(rule: Rule, implementers: readonly (readonly Rule[])[]): boolean {
  const sameKind = implementers.map((rules) => rules.filter(({ kind }) => kind === rule.kind));
  return implies(sameKind.flat(), rule) && !sameKind.every((rules) => implies(rules, rule));
}

/** Whether whoever satisfies all of the rules satisfies the other one. */
function implies(rules: readonly Rule[], { kind, anyOf }: Rule): boolean {
  if (kind === 'authenticated') return rules.length > 0;
  if (anyOf.length === 0) return true;
  let held: readonly (readonly string[])[] = [[]];
  for (const alternatives of distinct(rules)) {
    held = held.flatMap((names) => alternatives.map((more) => [...names, ...more]));
    if (held.length > mostAlternatives) return false;
  }
  return held.every((names) => anyOf.some((allOf) => allOf.every((name) => names.includes(name))));
}

function distinct(rules: readonly Rule[]): Iterable<Rule['anyOf']> {
  const asking = rules.filter(({ anyOf }) => anyOf.length > 0);
  return new Map(asking.map(({ anyOf }) => [JSON.stringify(anyOf), anyOf])).values();
}
