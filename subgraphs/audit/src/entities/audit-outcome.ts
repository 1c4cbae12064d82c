import type { Outcome } from '@platform/events';
import { registerEnumType } from 'type-graphql';

/** What came of the recorded action. */
export const AuditOutcome = { SUCCESS: 'SUCCESS', DENIED: 'DENIED', FAILED: 'FAILED' } as const satisfies Record<
  Outcome,
  Outcome
>;
export type AuditOutcome = Outcome;

registerEnumType(AuditOutcome, { name: 'AuditOutcome' });
