export type RuleKind = 'authenticated' | 'requiresScopes' | 'policy';

/** One directive at one coordinate. `anyOf` is its argument: outer list OR, inner list AND; empty for `authenticated`. */
export interface Rule {
  readonly kind: RuleKind;
  readonly coordinate: string;
  readonly anyOf: readonly (readonly string[])[];
}
