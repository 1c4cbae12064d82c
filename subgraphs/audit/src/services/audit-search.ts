import type { Database } from '@platform/kernel/database';
import { type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { AuditEntry, type AuditOutcome, NEWEST_FIRST } from '../entities/index.js';

/** What a list of entries may be narrowed to. Nothing, or null, does not narrow. */
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

/** Finds entries of the log. */
export class AuditSearch {
  constructor(private readonly database: Database) {}

  /** @throws BadUserInput for unfit paging arguments. */
  async find({ action, from, to, ...equal }: AuditCriteria, page: PageArguments): Promise<Page<AuditEntry>> {
    const query = this.database.read.createQueryBuilder(AuditEntry, 'entry');
    for (const [field, value] of Object.entries(equal)) {
      if (value != null) query.andWhere(`entry.${field} = :${field}`, { [field]: storable(value) });
    }
    if (action != null) {
      const condition = action.endsWith('.') ? 'starts_with(entry.action, :action)' : 'entry.action = :action';
      query.andWhere(condition, { action: storable(action) });
    }
    if (from != null) query.andWhere('entry.occurredAt >= :from', { from });
    if (to != null) query.andWhere('entry.occurredAt < :to', { to });
    return paginate(query, NEWEST_FIRST, page);
  }
}

/** PostgreSQL refuses NUL; the replacement character matches as little. */
const storable = (value: string): string => value.replaceAll('\0', '\ufffd');
