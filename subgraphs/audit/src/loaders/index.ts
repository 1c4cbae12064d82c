import type { Caller, PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { rowLoader, type SubgraphContext } from '@platform/subgraph-server/graphql';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { type AuditCriteria, AuditEntry } from '../entities/index.js';
import { openedParts } from './opened-parts.js';
import type { RecordedEntries } from './recorded-entries.js';

export { RecordedEntries } from './recorded-entries.js';

const READ: PermissionCode = 'audit.entry.read';

/** The batched reads of one request, and the stream it may begin. Who may only record sees the entry that they record, and no other. */
export const auditLoaders = (database: Database, recorded: RecordedEntries) => (reader: Caller) => ({
  entryById: rowLoader(
    async (ids) =>
      reader.permissions.has(READ) ? database.read.findBy(AuditEntry, { id: In(ids.filter((id) => isUuid(id))) }) : [],
    ({ id }) => id,
  ),
  recordedEntries: (criteria: AuditCriteria) => recorded.stream(criteria, reader.tenantId),
  ...openedParts(database),
});

export type AuditLoaders = ReturnType<ReturnType<typeof auditLoaders>>;
export type AuditContext = SubgraphContext<AuditLoaders>;
