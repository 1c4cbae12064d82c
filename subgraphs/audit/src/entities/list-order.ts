import type { ListOrder } from '@platform/subgraph-server/graphql';
import type { AuditEntry } from './audit-entry.entity.js';

/** How entries are listed, over the alias `entry`. */
export const NEWEST_FIRST: ListOrder<AuditEntry> = {
  columns: ['entry.sequence'],
  direction: 'DESC',
  valuesOf: ({ sequence }) => [sequence],
};
