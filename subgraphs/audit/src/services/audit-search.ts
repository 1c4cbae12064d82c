import { expensive } from '@platform/foundation/request-bounds';
import { CUSTOM_PLAN, type Database } from '@platform/postgres/database';
import { type Page, type PageArguments, paginate } from '@platform/subgraph-server/graphql';
import { type AuditCriteria, AuditEntry, AuditOutcome, NEWEST_FIRST } from '../entities/index.js';

/** Between which positions entries of a time lie, and when they were recorded. */
interface Span {
  readonly first: string;
  readonly beyond: string;
  readonly earliest: string;
  readonly latest: string;
}

/** Finds entries of the log. */
export class AuditSearch {
  constructor(private readonly database: Database) {}

  /** @throws BadUserInput for unfit paging arguments. */
  async find({ action, from, to, ...equal }: AuditCriteria, page: PageArguments): Promise<Page<AuditEntry>> {
    // Which index is the best depends on how rare the values are.
    const query = this.database.read.createQueryBuilder(AuditEntry, 'entry').comment(CUSTOM_PLAN);
    for (const [field, value] of Object.entries(equal)) {
      if (value != null) query.andWhere(`entry.${field} = :${field}`, { [field]: value });
    }
    if (equal.outcome != null && equal.outcome !== AuditOutcome.SUCCESS) query.andWhere(`entry.outcome <> 'SUCCESS'`);
    if (action?.endsWith('.')) {
      query.andWhere('entry.action >= :action AND entry.action < :beyondAction', {
        action,
        beyondAction: behind(action),
      });
    } else if (action != null) query.andWhere('entry.action = :action', { action });
    if (from != null) query.andWhere('entry.occurredAt >= :from', { from });
    if (to != null) query.andWhere('entry.occurredAt < :to', { to });
    if (from != null || to != null) {
      query.andWhere(
        'entry.sequence >= :first AND entry.sequence < :beyond AND entry.recordedAt >= :earliest AND entry.recordedAt <= :latest',
        await this.spanOf(from ?? null, to ?? null),
      );
    }
    const entries = () => paginate(query, NEWEST_FIRST, page);
    return query.expressionMap.wheres.length > 0 ? expensive(entries) : entries();
  }

  /** With it, months that have none of the entries are not looked into, and others where they have them. */
  private async spanOf(from: Date | null, to: Date | null): Promise<Span> {
    const [span] = await this.database.read.query(
      'SELECT first, beyond, earliest::text, latest::text FROM span_of($1, $2)',
      [from, to],
    );
    return span;
  }
}

/** What the first text is that comes after all that begin with a prefix which ends in a dot. */
export const behind = (prefix: string): string => `${prefix.slice(0, -1)}/`;
