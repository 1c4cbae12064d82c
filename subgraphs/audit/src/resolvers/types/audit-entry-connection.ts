import { connectionOf } from '@platform/subgraph-server/graphql';
import { AuditEntry } from '../../entities/index.js';

/** Pages of the log. */
export const AuditEntryConnection = connectionOf(AuditEntry);
export type AuditEntryConnection = InstanceType<typeof AuditEntryConnection>;
