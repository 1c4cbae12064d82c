import type {} from '@platform/contracts'; // the permission codes
import { type AccessRules, permission } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, type Targets } from '@platform/subgraph-server/subgraph';

const readers = permission('audit.entry.read');
const exporters = permission('audit.entry.export');
const readersAndRecorders = permission('audit.entry.read', 'audit.entry.record');

/** Who may reach what, whichever way it is reached. */
export const access: AccessRules = {
  Query: {
    auditEntry: readers,
    auditEntries: readers,
    auditCheckpoint: readers,
    auditProof: readers,
    auditConsistencyProof: readers,
    auditExport: exporters,
  },
  Mutation: {
    recordAuditEntry: permission('audit.entry.record'),
    exportAuditEntries: exporters,
  },
  Subscription: { auditEntryRecorded: readers },
  AuditEntry: readersAndRecorders,
  AuditEntryConnection: readers,
  AuditEntryEdge: readers,
  AuditCheckpoint: readers,
  AuditExport: exporters,
  AuditDownload: exporters,
  AuditProof: readers,
  AuditConsistencyProof: readers,
  User: readersAndRecorders,
  ServiceAccount: readersAndRecorders,
};

/** Entries are recorded and exported, whoever they are about. */
export const targets: Targets = { recordAuditEntry: actsOnNoUser, exportAuditEntries: actsOnNoUser };
