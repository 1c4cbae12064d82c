import { opaque, readCondition } from '@platform/foundation/text';
import { checkedArguments } from '@platform/subgraph-server/graphql';
import type { AuditEntry } from './audit-entry.entity.js';
import type { AuditOutcome } from './audit-outcome.js';

/** What entries may be narrowed to. Nothing, or null, does not narrow. */
export interface AuditCriteria {
  readonly actorId?: string | null;
  /** An action, or a prefix of actions that ends in a dot. */
  readonly action?: string | null;
  readonly resource?: string | null;
  readonly resourceId?: string | null;
  readonly outcome?: AuditOutcome | null;
  readonly requestId?: string | null;
  /** Of occurredAt, inclusive. */
  readonly from?: Date | null;
  /** Of occurredAt, exclusive. */
  readonly to?: Date | null;
}

const WORD = opaque(201);

/** The criteria as a client has filled them in: blank texts do not narrow. @throws BadUserInput for texts that no entry can have. */
export const criteriaOf = (filter: AuditCriteria | null): AuditCriteria => ({
  ...filter,
  ...checkedArguments({
    action: () => readCondition(WORD, filter?.action),
    resource: () => readCondition(WORD, filter?.resource),
    requestId: () => readCondition(WORD, filter?.requestId),
  }),
});

/** Whether the criteria let the entry through; as a search in the database does. */
export function meets(entry: AuditEntry, { action, from, to, ...equal }: AuditCriteria): boolean {
  for (const [field, value] of Object.entries(equal)) {
    if (value != null && entry[field as keyof typeof equal] !== value) return false;
  }
  if (action != null && !(action.endsWith('.') ? entry.action.startsWith(action) : entry.action === action))
    return false;
  if (from != null && entry.occurredAt < from) return false;
  return to == null || entry.occurredAt < to;
}
