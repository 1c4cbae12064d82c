import { audit } from '@platform/audit';
import { BUSY_ACTOR, OLD_DAY, QUIET_ACTOR, seedAudit } from './audit-rows.js';
import { describeGrowth, type GrowthQuery } from './growth-suite.js';

const LIST = `query ($filter: AuditFilter, $first: Int, $last: Int) {
  auditEntries(filter: $filter, first: $first, last: $last) { nodes { id sequence action outcome } pageInfo { hasNextPage } }
}`;
const COUNT = 'query ($filter: AuditFilter) { auditEntries(filter: $filter, first: 1) { totalCount } }';

const asAuditor: GrowthQuery['as'] = (harness) =>
  harness.asUser('018f0000-0000-7000-8000-00000000000a', ['audit.entry.read']);

const entries = (
  name: string,
  variables: Record<string, unknown> = {},
  growth: GrowthQuery['growth'] = 'flat',
): GrowthQuery => ({ name, as: asAuditor, query: LIST, variables: () => variables, growth });

describeGrowth({
  subgraph: audit,
  seed: seedAudit,
  queries: [
    entries('the newest entries'),
    entries('the oldest entries', { last: 20 }),
    // A day has two thousandths of all entries, and those of the day after are looked at too: clocks differ.
    entries('entries of one old day', { filter: OLD_DAY }, { atMost: 10_000 }),
    entries('entries of one old day and an actor', { filter: { ...OLD_DAY, actorId: BUSY_ACTOR } }, { atMost: 20_000 }),
    entries('entries of an actor', { filter: { actorId: QUIET_ACTOR } }),
    entries('entries of an action', { filter: { action: 'blog.action-3' } }),
    entries('entries of a rare action', { filter: { action: 'shop.rare' } }),
    entries('entries of rare actions by their prefix', { filter: { action: 'shop.' } }),
    entries('entries of a rare action with an outcome', { filter: { action: 'shop.rare', outcome: 'SUCCESS' } }),
    entries('entries of a rare action that was denied', { filter: { action: 'shop.rare', outcome: 'DENIED' } }),
    entries('what was denied', { filter: { outcome: 'DENIED' } }),
    entries('what failed', { filter: { outcome: 'FAILED' } }),
    entries('what failed on one old day', { filter: { ...OLD_DAY, outcome: 'FAILED' } }, { atMost: 2_000 }),
    entries('entries of a request', { filter: { requestId: 'request-500' } }),
    {
      name: 'the number of entries of one old day',
      as: asAuditor,
      query: COUNT,
      variables: () => ({ filter: OLD_DAY }),
      growth: { atMost: 30_000 },
    },
  ],
});
