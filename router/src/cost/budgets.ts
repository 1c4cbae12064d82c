import { type Caller, isUndecided } from '@platform/auth';

export interface CostConfig {
  readonly mode: 'off' | 'measure' | 'enforce';
  /** Estimates of operations of whoever signed in; null: not bounded. */
  readonly maximum: number | null;
  /** Estimates of operations of those who did not. */
  readonly anonymous: number | null;
  /** Maxima by permission or scope; the largest that a caller has goes before the others. */
  readonly byPermission: Readonly<Record<string, number>>;
  /** Estimates by subgraph, whoever asks. */
  readonly bySubgraph: Readonly<Record<string, number>>;
  /** Of what an operation has cost; null: not bounded. */
  readonly actualMaximum: number | null;
  readonly listSize: number;
  /** Whether clients find the cost in `extensions.cost`. */
  readonly report: boolean;
}

/** What one operation of this caller may be estimated to cost. A budget by permission is nobody's whose permissions are not known. */
export function budgetOf(
  { maximum, anonymous, byPermission }: CostConfig,
  caller: Caller,
  scopes: ReadonlySet<string> = new Set(),
): number | null {
  const { kind, permissions } = caller;
  const holds = (right: string) => !isUndecided(caller) && permissions.has(right);
  const own = Object.entries(byPermission).flatMap(([right, budget]) =>
    holds(right) || scopes.has(right) ? [budget] : [],
  );
  if (own.length > 0) return Math.max(...own);
  return kind === 'anonymous' ? anonymous : maximum;
}
