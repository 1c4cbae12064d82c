import { join } from 'node:path';
import { defineSubgraph } from '@platform/subgraph-server/subgraph';
import { CheckpointFiles, noteSigner, WitnessClient } from '@platform/transparency-log';
import { auditSections } from './config.js';
import { AuditEntry } from './entities/index.js';
import { eraseEventCopiesWhenUserDeleted } from './events/erase-event-copies-when-user-deleted.js';
import { erasePersonalDataWhenUserDeleted } from './events/erase-personal-data-when-user-deleted.js';
import { recordEveryEvent } from './events/record-every-event.js';
import { removeExportsWhenUserDeleted } from './events/remove-exports-when-user-deleted.js';
import { DownloadLinks, downloadRoute, ExportFiles, ExportJobs } from './export/index.js';
import { auditLoaders, RecordedEntries } from './loaders/index.js';
import { access, targets } from './permissions.js';
import { AuditEntryResolver, AuditExportResolver, AuditProofResolver, references } from './resolvers/index.js';
import {
  AuditSearch,
  AuditService,
  Checkpointing,
  Checkpoints,
  Partitions,
  ProofService,
  SubjectKeys,
} from './services/index.js';

/** An append-only record of everything that happens on the platform. */
export const audit = defineSubgraph({
  name: 'audit',
  entities: [AuditEntry],
  sections: auditSections,
  needs: ['api.publicUrl'],
  compose: ({ config, database, clock, errors, logger, revocations }) => {
    const { audit: own, platform, api } = config;
    const recorded = new RecordedEntries(database, config.events.subscriptionBuffer);
    const files = new Map<string, CheckpointFiles>();
    const checkpoints = new Checkpoints(database, {
      signer: noteSigner(own.logName, own.signingKey),
      clock,
      witness: witnessOf(own),
      filesOf: (logId) => {
        if (!own.storeCheckpoints) return null;
        if (!files.has(logId)) files.set(logId, new CheckpointFiles(join(platform.dataDir, 'audit', logId)));
        return files.get(logId) ?? null;
      },
      onUnwitnessed: (reason) =>
        logger.warn({ err: reason }, 'checkpoint cosigning failed; publishing without a witness'),
    });
    const exportFiles = new ExportFiles(join(platform.dataDir, 'audit', 'exports'));
    const exports = new ExportJobs({
      database,
      files: exportFiles,
      retention: own.exportRetention,
      errors,
    });
    const links = new DownloadLinks({
      baseUrl: own.downloadUrl ?? api.publicUrl,
      lifetime: own.downloadLifetime,
      secret: own.signingKey,
      revocations,
      clock,
    });
    const keys = new SubjectKeys();
    const checkpointing = new Checkpointing(checkpoints, own.checkpointInterval, errors);

    return {
      resolvers: [
        new AuditEntryResolver(new AuditService(database, clock, own), new AuditSearch(database)),
        new AuditExportResolver(exports, links),
        new AuditProofResolver(new ProofService(database, checkpoints)),
      ],
      references,
      access,
      targets,
      loaders: auditLoaders(database, recorded),
      handlers: [
        recordEveryEvent(own, keys),
        erasePersonalDataWhenUserDeleted(keys),
        eraseEventCopiesWhenUserDeleted,
        removeExportsWhenUserDeleted(exports),
      ],
      parts: [new Partitions(database, own.partitionsAhead, errors), checkpointing, exports, recorded],
      checks: [checkpointing.check],
      routes: downloadRoute(exports, exportFiles, links),
    };
  },
});

const witnessOf = (own: { witnessUrl: string | null; witnessKey: string | null; witnessTimeout: number }) =>
  own.witnessUrl === null || own.witnessKey === null
    ? null
    : new WitnessClient({ url: own.witnessUrl, key: own.witnessKey, timeout: own.witnessTimeout });
