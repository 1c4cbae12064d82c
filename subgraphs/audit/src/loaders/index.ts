import type { Caller, PermissionCode } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import { rowLoader, type SubgraphContext } from '@platform/kernel/graphql';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AuditEntry } from '../entities/index.js';

const READ: PermissionCode = 'audit.entry.read';

/** The batched reads of one request. Who may only record sees the entry that they record, and no other. */
export const auditLoaders = (database: Database) => (reader: Caller) => ({
  entryById: rowLoader(
    async (ids) =>
      reader.permissions.has(READ) ? database.read.findBy(AuditEntry, { id: In(ids.filter((id) => isUuid(id))) }) : [],
    ({ id }) => id,
  ),
});

export type AuditLoaders = ReturnType<ReturnType<typeof auditLoaders>>;
export type AuditContext = SubgraphContext<AuditLoaders>;
