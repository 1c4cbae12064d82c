import type { ChaosPlatform } from './chaos-platform.js';
import type { Ledger } from './ledger.js';

/** What came of the events. All but the counts of events and of absorbed deliveries must be 0. */
export interface Verdict {
  readonly events: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly inversions: number;
  readonly stuck: number;
  readonly deadLettered: number;
}

const SCHEMAS = ['identity', 'authz', 'audit', 'blog'];
const outboxes = SCHEMAS.map(
  (schema) => `SELECT event_id, position, subject, '${schema}' AS schema FROM ${schema}.outbox`,
);
const everyEvent = `(${outboxes.join(' UNION ALL ')})`;

const deadLetters = SCHEMAS.map((schema) => `SELECT event_id FROM ${schema}.dead_letter`);

const number = async (platform: ChaosPlatform, sql: string): Promise<number> => Number((await platform.sql(sql))[0].n);

/** Events that are committed and have not had their effects: waiting in an outbox, or with a consumer. */
export const pending = (platform: ChaosPlatform): Promise<number> =>
  number(
    platform,
    `SELECT (SELECT count(*) FROM ${everyEvent} e WHERE NOT EXISTS (SELECT FROM audit.inbox i WHERE i.event_id = e.event_id))
          + (SELECT count(*) FROM ${everyEvent} e WHERE NOT EXISTS
               (SELECT FROM blog.inbox i WHERE i.event_id = e.event_id AND i.handler = 'chaos.ledger'))
          + (SELECT count(*) FROM blog.outbox WHERE published_at IS NULL) AS n`,
  );

/** About how many of the driven events have not had their effect: cheap enough to ask for all the time. */
export const underway = (platform: ChaosPlatform): Promise<number> =>
  number(platform, 'SELECT (SELECT count(*) FROM blog.outbox) - (SELECT count(*) FROM blog.chaos_effects) AS n');

/** Compares the ledger with the outboxes, and the outboxes with the effects. */
export async function judge(platform: ChaosPlatform, ledger: Ledger): Promise<Verdict> {
  const committed = new Map<string, number>(
    (await platform.sql('SELECT subject, count(*)::int AS n FROM blog.outbox GROUP BY subject')).map(
      ({ subject, n }) => [subject, n],
    ),
  );
  const unaudited = await number(
    platform,
    `SELECT count(*) AS n FROM ${everyEvent} e WHERE NOT EXISTS (SELECT FROM audit.audit_entry a WHERE a.id = e.event_id)`,
  );
  const ineffective = await number(
    platform,
    `SELECT count(*) AS n FROM ${everyEvent} e WHERE NOT EXISTS (SELECT FROM blog.chaos_effects c WHERE c.event_id = e.event_id)`,
  );
  return {
    events: await number(platform, `SELECT count(*) AS n FROM ${everyEvent} e`),
    acknowledged: ledger.acknowledged,
    lost: ledger.missingFrom(committed) + unaudited + ineffective,
    duplicates:
      (await number(platform, 'SELECT count(*) - count(DISTINCT event_id) AS n FROM blog.chaos_effects')) +
      (await number(platform, 'SELECT count(*) - count(DISTINCT id) AS n FROM audit.audit_entry')),
    inversions:
      (await inversions(platform, 'blog.chaos_effects', 'event_id', 'position')) +
      (await inversions(platform, 'audit.audit_entry', 'id', 'sequence')),
    stuck: await pending(platform),
    deadLettered: await number(platform, `SELECT count(*) AS n FROM (${deadLetters.join(' UNION ALL ')}) letters`),
  };
}

/** Effects that came before that of an earlier event of the same aggregate. */
const inversions = (platform: ChaosPlatform, effects: string, id: string, order: string): Promise<number> =>
  number(
    platform,
    `SELECT count(*) AS n FROM (
       SELECT e.position, lag(e.position) OVER (PARTITION BY e.schema, e.subject ORDER BY c.${order}) AS before
       FROM ${effects} c JOIN ${everyEvent} e ON e.event_id = c.${id}
     ) effects WHERE before > position`,
  );
