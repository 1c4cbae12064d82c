import type { Database } from '@platform/kernel/database';
import { type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { type AuditCriteria, AuditEntry, NEWEST_FIRST } from '../entities/index.js';

/** Finds entries of the log. */
export class AuditSearch {
  constructor(private readonly database: Database) {}

  /** @throws BadUserInput for unfit paging arguments. */
  async find({ action, from, to, ...equal }: AuditCriteria, page: PageArguments): Promise<Page<AuditEntry>> {
    const query = this.database.read.createQueryBuilder(AuditEntry, 'entry');
    for (const [field, value] of Object.entries(equal)) {
      if (value != null) query.andWhere(`entry.${field} = :${field}`, { [field]: value });
    }
    if (action != null) {
      const condition = action.endsWith('.') ? 'starts_with(entry.action, :action)' : 'entry.action = :action';
      query.andWhere(condition, { action });
    }
    if (from != null) query.andWhere('entry.occurredAt >= :from', { from });
    if (to != null) query.andWhere('entry.occurredAt < :to', { to });
    return paginate(query, NEWEST_FIRST, page);
  }
}
